import Engine
import Events
import ObjectStore

extension SyncRun {
    /// Finishes what earlier runs left open, oldest first: resumes the unfinished, then asks once more for verdicts that did not come in
    /// time. In this order, because only a finished run has told the ledger what it sent, and nothing may be sent again that is newer there.
    /// A run that cannot be finished stops this one too, because its rows are older.
    func settle() async throws {
        guard settlesOthers else { return }
        var late: [SyncRun] = []
        for runID in try await sync.openRuns() where runID != opening.runID {
            guard var earlier = try await sync.openRun(runID) else { continue }
            earlier.settlesOthers = false
            if await earlier.isUnfinished { try note(await earlier.goOn()) } else { late.append(earlier) }
        }
        for earlier in late { try note(try await earlier.settleLate()) }
    }

    private func note(_ report: SyncReport) throws {
        sync.settled.add(report, by: opening.runID)
        reporter.report(SyncEvent.runSettled(runID: report.runID, state: report.state, items: report.items.sent))
        guard !report.state.isEnd else { return }
        let error = report.error
        throw RunStop(
            report.exitCode, reason: error?.reason ?? "earlier_run", culprit: "run \(report.runID)",
            detail: "this earlier run could not be finished: \(error?.detail ?? report.state.rawValue)",
            remedy: error?.remedy ?? "Run again later: it is resumed first.")
    }

    var isUnfinished: Bool {
        get async {
            let end = await log.record.end
            return end?.state.isEnd != true
        }
    }

    /// One look at each handle that ran into its deadline; nobody waits. After `abandonAfter` its items are sent once more, then given up.
    func settleLate() async throws -> SyncReport {
        let courier = courier
        for parcel in await log.record.parcels where parcel.isLate {
            guard let handle = parcel.handle else { continue }
            try await courier.poll(parcel.parcel, handle: handle, deadline: .zero)
        }
        for parcel in await log.record.parcels where parcel.isLate && parcel.isAbandoned(after: configuration.delivery.abandonAfter, now: world.now()) {
            try await sendOnceMore(parcel.parcel)
        }
        while true {
            for step in await log.record.steps { try await leaveOutNewer(step) }
            try await courier.postAll()
            let handled = await log.record.parcels.filter { $0.phase == .handled && !$0.isDivided }
            if handled.isEmpty { break }
            for parcel in handled {
                guard let handle = parcel.handle else { continue }
                try await courier.poll(parcel.parcel, handle: handle, deadline: .zero)
            }
        }
        return try await close(state: nil, stop: nil)
    }

    private func sendOnceMore(_ parcel: Parcel) async throws {
        let (open, ours) = try await openItems(of: parcel)
        guard !parcel.isRepeat else {
            let reason = "no verdict after it was sent twice"
            try await log.append(.givenUp(parcel.name, reason: reason, at: world.now()))
            return reporter.report(SyncEvent.itemsGivenUp(batch: parcel.name, items: open.count, reason: reason))
        }
        try await log.append(.divided(parcel.name, parcel.again(ours), reason: "no verdict within the time a handle is followed"))
        tellLeftOut(open.count - ours.count, of: parcel)
    }

    /// Nobody asks for their verdict any more.
    private func tellLeftOut(_ items: Int, of parcel: Parcel) {
        if items > 0 { reporter.report(SyncEvent.itemsGivenUp(batch: parcel.name, items: items, reason: "a later run has sent them")) }
    }

    /// What is to go again because of a late answer goes without the items that a later run has sent meanwhile: theirs is the newer word.
    private func leaveOutNewer(_ step: DeliveryStep) async throws {
        switch step {
        case .post(let parcel), .divide(let parcel, _, _):
            let (open, ours) = try await openItems(of: parcel)
            guard ours.count < open.count else { return }
            try await log.append(.divided(parcel.name, parcel.again(ours), reason: "a later run has sent the other items"))
            tellLeftOut(open.count - ours.count, of: parcel)
        case .poll, .giveUp: return
        }
    }

    /// The items without a verdict, and those of them that no later run knows more of.
    private func openItems(of parcel: Parcel) async throws -> (open: [Int], ours: [Int]) {
        let items = try await shelf.items(parcel.batch)
        let open = await log.record.open(parcel)
        let known = try sync.ledger.subjects(open.map { items[$0].id }, pipeline: opening.pipeline)
        return (open, open.filter { known[items[$0].id]?.runID == opening.runID })
    }
}

extension Parcel {
    /// These items once more, in parcels without a gap.
    fileprivate func again(_ indices: [Int]) -> [Parcel] {
        indices.ranges.enumerated().map { number, range in
            Parcel(name: "\(name)r\(number + 1)", batch: batch, lower: range.lowerBound, upper: range.upperBound)
        }
    }
}

extension ParcelRecord {
    var isLate: Bool { phase == .ended(.timedOut) && !isDivided }

    func isAbandoned(after age: Duration, now: Timestamp) -> Bool { answeredAt.map { now - $0 > age } ?? true }
}

extension [Int] {
    /// Rising numbers as ranges without gaps.
    var ranges: [Range<Int>] {
        var found: [Range<Int>] = []
        for number in self {
            if let last = found.last, last.upperBound == number {
                found[found.count - 1] = last.lowerBound..<number + 1
            } else {
                found.append(number..<number + 1)
            }
        }
        return found
    }
}
