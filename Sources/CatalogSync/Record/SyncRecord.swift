public import Engine
public import Events

/// All that is known of a run, folded from its journal. Pure: the same entries give the same record, live or after a crash.
public struct SyncRecord: RunRecord {
    public internal(set) var opening: RunOpening?
    public internal(set) var files: [ClaimedFile]?
    public internal(set) var found = 0
    public internal(set) var resending: ResendFacts?
    /// The earlier run whose guards a person has let this one pass.
    public internal(set) var released: Hold?
    public internal(set) var validation: ValidationFacts?
    public internal(set) var transform: TransformFacts?
    public internal(set) var archived: [String: ArchiveOutcome] = [:]
    public internal(set) var finished: Set<SyncStage> = []
    public internal(set) var end: End?
    /// Of the last one who wrote.
    public internal(set) var leaseNumber: Int?
    var batches: [BatchRecord] = []
    var parcels: [ParcelRecord] = []
    private var parcelPlaces: [String: Int] = [:]
    /// Posts, and those of them that repeated one.
    private(set) var requests = (sent: 0, retried: 0)

    public struct End: Sendable, Equatable {
        public var state: RunState
        public var at: Timestamp
        public var stop: StopFacts?
    }

    public init() {}

    public mutating func apply(_ entry: SyncEntry) {
        switch entry {
        // Begun again under the name of a run that never came to claim a file: nothing of that one counts.
        case .opened(let opening): self = SyncRecord(keeping: opening, leaseNumber)
        case .leased(let number, _): leaseNumber = number
        case .checked(let files, let found):
            self.files = files
            self.found = found
        case .released(let hold): released = hold
        case .resending(let facts): resending = facts
        case .restarted: restart()
        case .validated(let facts): validation = facts
        case .transformed(let facts): prepare(facts)
        case .posting(let name, let items, let repeats, let at): post(name, fresh: items - repeats, at)
        case .declined(let name, _, _): onParcel(name) { $0.comeBack(with: $0.travelling) } batch: { $0.decline($1) }
        case .answerLost(let name, _): onParcel(name) { $0.comeBack(with: 0) } batch: { $0.open($1) }
        case .posted(let name, let facts, let at): answer(name, facts, at)
        case .divided(let name, let children, _): divide(name, into: children)
        case .judged(let name, let facts, let at): judge(name, facts, at)
        case .handleFailed(let name, let status, let at): onParcel(name) { $0.end(.failed, status, at) } batch: { _, _ in }
        case .timedOut(let name, let at): onParcel(name) { $0.end(.timedOut, "timed out", at) } batch: { _, _ in }
        case .givenUp(let name, let reason, let at): onParcel(name) { $0.end(.givenUp, reason, at) } batch: { _, _ in }
        case .archived(let name, let outcome): archived[name] = outcome
        case .finished(let stage, _): finished.insert(stage)
        case .closed(let state, let at, let stop): end = End(state: state, at: at, stop: stop)
        }
    }

    private mutating func restart() {
        self = SyncRecord(keeping: opening, leaseNumber)
    }

    private init(keeping opening: RunOpening?, _ leaseNumber: Int?) {
        self.init()
        self.opening = opening
        self.leaseNumber = leaseNumber
    }

    /// After a crash the stage may be done twice, before anything was sent: the later word replaces the earlier one, parcels too.
    private mutating func prepare(_ facts: TransformFacts) {
        transform = facts
        parcels = []
        parcelPlaces = [:]
        batches = facts.batches.map { BatchRecord(count: $0) }
        for (index, count) in facts.batches.enumerated() { add(Parcel.whole(batch: index + 1, count: count)) }
    }

    private mutating func add(_ parcel: Parcel) {
        parcelPlaces[parcel.name] = parcels.count
        parcels.append(ParcelRecord(parcel: parcel))
    }

    private mutating func post(_ name: String, fresh: Int, _ at: Timestamp) {
        requests.sent += 1
        var mayHaveArrived = false
        if let place = parcelPlaces[name], parcels[place].posts > 0 { requests.retried += 1 }
        onParcel(name) { record in
            // Posted before and never answered: that post may have arrived, whatever becomes of this one.
            mayHaveArrived = record.phase == .posting
            record.posts += 1
            record.postedAt = at
            record.phase = .posting
            record.travelled += fresh
            record.travelling = fresh
        } batch: { batch, range in
            if mayHaveArrived { batch.open(range) }
            batch.post(range, by: name)
        }
    }

    private mutating func answer(_ name: String, _ facts: PostFacts, _ at: Timestamp) {
        onParcel(name) { record in
            record.travelled -= facts.returned
            record.travelling = 0
            record.handle = facts.handle
            record.phase = facts.handle == nil ? .refusedWhole : .handled
            record.answeredAt = at
            record.namedItems = !facts.refused.isEmpty
            record.unattributed = facts.unattributed
        } batch: { batch, range in
            if facts.handle == nil { batch.settleRefusal(range) } else { batch.open(range) }
            batch.refuse(facts.refused)
            batch.warn(facts.warned)
        }
    }

    private mutating func judge(_ name: String, _ facts: JudgeFacts, _ at: Timestamp) {
        var hidden = facts.hidden
        onParcel(name) { record in
            // Errors that came beside the handle and named no item of ours: the handle's silence does not clear anybody.
            hidden = hidden || record.unattributed > 0
            record.errors = facts.errors
            record.warnings = facts.warnings
            record.end(.finished, hidden ? "finished, ids hidden" : "finished", at)
        } batch: { batch, range in
            batch.warn(facts.warned)
            batch.refuse(facts.refused)
            if !hidden { batch.acceptRest(of: range) }
        }
    }

    private mutating func divide(_ name: String, into children: [Parcel]) {
        onParcel(name) { $0.isDivided = true } batch: { _, _ in }
        for child in children { add(child) }
    }

    private mutating func onParcel(
        _ name: String, _ change: (inout ParcelRecord) -> Void, batch changeBatch: (inout BatchRecord, Range<Int>) -> Void
    ) {
        guard let place = parcelPlaces[name] else { return }
        change(&parcels[place])
        changeBatch(&batches[parcels[place].parcel.batch - 1], parcels[place].parcel.range)
    }
}

extension BatchRecord {
    /// A batch without a handle: nothing of it was ingested. Its items did travel and were answered, but what is not named is to be sent again.
    mutating func settleRefusal(_ range: Range<Int>) { decline(range) }
}
