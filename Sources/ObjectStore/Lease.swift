public import Events

/// The right to work on something alone. Given back by `release`, or when the process dies: at once on a folder, after the lease's time on S3.
public protocol Lease: Sendable {
    /// Keeps the right for `runID` until then, across processes: for stages that an orchestrator runs one by one.
    func extend(until: Timestamp) async throws(StoreError)
    func release() async
    /// Rises with each holder. Written beside what is done under the lease, it shows which of two writers came later: a holder that slept past
    /// its lease may still believe in it. Nil where the operating system keeps the lease, since there nobody sleeps past it.
    var fencingNumber: Int? { get }
    /// Throws `.changed` where the right is lost: another one has it, or it could not be renewed in time.
    func confirm() throws(StoreError)
}

extension Lease {
    public var fencingNumber: Int? { nil }
    public func confirm() throws(StoreError) {}
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
