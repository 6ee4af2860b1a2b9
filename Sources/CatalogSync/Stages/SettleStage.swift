import Engine
import Events
import ObjectStore

extension SyncRun {
    /// Finishes what earlier runs left open, oldest first: resumes the unfinished, asks once more for verdicts that did not come in time.
    /// A run that cannot be finished stops this one too, because its rows are older.
    func settle() async throws {
        guard settlesOthers else { return }
        for runID in try await sync.openRuns() where runID != opening.runID {
            guard var earlier = try await sync.openRun(runID) else { continue }
            earlier.settlesOthers = false
            let report = await earlier.isUnfinished ? earlier.goOn() : try await earlier.settleLate()
            sync.settled.add(report, by: opening.runID)
            reporter.report(SyncEvent.runSettled(runID: runID, state: report.state, items: report.items.sent))
            guard !report.state.isEnd else { continue }
            let error = report.error
            throw RunStop(
                report.exitCode, reason: error?.reason ?? "earlier_run", culprit: "run \(runID)",
                detail: "this earlier run could not be finished: \(error?.detail ?? report.state.rawValue)",
                remedy: error?.remedy ?? "Run again later: it is resumed first.")
        }
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
        try await courier.postAll()
        for parcel in await log.record.parcels where parcel.phase == .handled && !parcel.isDivided {
            guard let handle = parcel.handle else { continue }
            try await courier.poll(parcel.parcel, handle: handle, deadline: .zero)
        }
        return try await close(state: nil, stop: nil)
    }

    /// Without the items that a later run has sent meanwhile: theirs is the newer word.
    private func sendOnceMore(_ parcel: Parcel) async throws {
        guard !parcel.isRepeat else {
            return try await log.append(.givenUp(parcel.name, reason: "no verdict after it was sent twice", at: world.now()))
        }
        let items = try await shelf.items(parcel.batch)
        let open = await log.record.open(parcel)
        let known = try sync.ledger.subjects(open.map { items[$0].id }, pipeline: opening.pipeline)
        let ours = open.filter { known[items[$0].id]?.runID == opening.runID }
        let children = ours.ranges.enumerated().map { number, range in
            Parcel(name: "\(parcel.name)r\(number + 1)", batch: parcel.batch, lower: range.lowerBound, upper: range.upperBound)
        }
        try await log.append(.divided(parcel.name, children, reason: "no verdict within the time a handle is followed"))
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
