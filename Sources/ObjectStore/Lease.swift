public import Events

/// The right to work on something alone. Given back by `release`, or when the process dies.
public protocol Lease: Sendable {
    /// Keeps the right for `runID` until then, across processes: for stages that an orchestrator runs one by one.
    func extend(until: Timestamp) throws(StoreError)
    func release()
}

/// Who holds a lease, as it stands in the lease file.
public struct LeaseHolder: Sendable, Equatable, Codable {
    public var runID: String
    /// `host:pid`
    public var process: String
    /// Nil: as long as the process lives.
    public var until: Timestamp?

    public init(runID: String, process: String, until: Timestamp? = nil) {
        self.runID = runID
        self.process = process
        self.until = until
    }

    enum CodingKeys: String, CodingKey {
        case runID = "run_id"
        case process, until
    }
}

public enum LeaseAnswer: Sendable {
    case granted(any Lease)
    case held(by: LeaseHolder?)
}

/// A store that can hand out leases. S3 does it with a conditional put, a folder with flock(2).
public protocol LeasingStore: ObjectStore {
    func lease(_ key: String, for holder: LeaseHolder, now: Timestamp) async throws(StoreError) -> LeaseAnswer
}
