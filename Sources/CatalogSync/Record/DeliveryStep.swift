/// What is to be done next about a parcel, decided from the record alone: live and after a crash the answer is the same.
enum DeliveryStep: Equatable {
    case post(Parcel)
    case poll(Parcel, handle: String)
    case divide(Parcel, into: [Parcel], reason: String)
    case giveUp(Parcel, reason: String)
}

extension SyncRecord {
    /// The steps that can be taken now, in the order of the batches.
    var steps: [DeliveryStep] { parcels.compactMap { step(for: $0) } }

    func step(for record: ParcelRecord) -> DeliveryStep? {
        guard !record.isDivided else { return nil }
        let parcel = record.parcel
        switch record.phase {
        case .ready, .posting:
            return hasOpen(parcel) ? .post(parcel) : nil
        case .handled:
            return record.handle.map { .poll(parcel, handle: $0) }
        case .refusedWhole:
            return afterRefusal(record, open(parcel))
        case .ended(.finished):
            let left = open(parcel)
            return left.isEmpty ? nil : .divide(parcel, into: parcel.halves(ofOpen: left), reason: "errors counted, ids hidden")
        case .ended(.failed):
            guard hasOpen(parcel) else { return nil }
            if parcel.isRepeat { return .giveUp(parcel, reason: "Meta ended it without a result twice: \(record.status ?? "")") }
            return .divide(parcel, into: [parcel.again()], reason: "Meta ended the handle without a result: \(record.status ?? "")")
        case .ended(.timedOut), .ended(.givenUp):
            return nil
        }
    }

    private func hasOpen(_ parcel: Parcel) -> Bool { batches[parcel.batch - 1].hasOpen(in: parcel.range) }

    func open(_ parcel: Parcel) -> [Int] { batches[parcel.batch - 1].openIndices(in: parcel.range) }

    /// A batch refused as a whole: what Meta named is refused, the rest goes again; where it named nothing, halves find the guilty item.
    private func afterRefusal(_ record: ParcelRecord, _ left: [Int]) -> DeliveryStep? {
        guard let only = left.first else { return nil }
        let parcel = record.parcel
        if record.namedItems, parcel.cleanings < Parcel.mostCleanings {
            return .divide(parcel, into: [parcel.cleaned()], reason: "Meta took nothing of it; sent again without the items it named")
        }
        if left.count == 1 {
            let rest = Parcel(name: parcel.name + "a", batch: parcel.batch, lower: only, upper: only + 1)
            return .divide(parcel, into: [rest], reason: "Meta took nothing of it; the last item goes alone")
        }
        return .divide(parcel, into: parcel.halves(ofOpen: left), reason: "Meta took nothing of it and named no item")
    }
}
