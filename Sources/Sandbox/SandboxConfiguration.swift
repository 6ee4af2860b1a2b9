/// What the sandbox pretends to be.
public struct SandboxConfiguration: Sendable {
    /// Address to listen on; keep it on loopback, the sandbox speaks plain HTTP.
    public var host = "127.0.0.1"
    /// 0: any free port.
    public var port = 0
    public var catalogID = "1234567890"
    public var catalogName = "Sandbox catalogue"
    /// What `facebook-api-version` says, as Meta does when it moves a call on from a retired version; nil: the version that was asked for.
    public var answeredVersion: String?
    /// Required in `Authorization: Bearer …`. A token in the query or the body is refused: it would end in somebody's log.
    public var accessToken = "sandbox-token"
    /// Set: every call needs a right `appsecret_proof`, plain or time-stamped.
    public var appSecret: String?
    /// Records a call may hold. Source: items_batch reference. A test may lower it to see a client split.
    public var recordLimit = 5000
    /// Bytes a body may have: Meta's "28 MB" read as decimal, the stricter way. Source: items_batch reference.
    public var byteLimit = 28_000_000
    /// Everything drawn is drawn from this.
    public var seed: UInt64 = 1
    /// How many polls find a handle scheduled, dispatched or started before it is finished.
    public var handleDelay = 2
    /// Most entries in the `errors` and in the `warnings` of a status answer. Meta: a sample, size undocumented.
    public var sampleSize = 3
    /// Reports of what a repeated id does disagree; the strict one is the default.
    public var duplicates = DuplicateAnswer.refuseCall
    public var faults = FaultPlan.none
    /// What the catalogue holds before the first call.
    public var existingItems: [SandboxItem] = []
    /// Unix seconds, for the five minutes a time-stamped proof lives.
    public var unixTime: @Sendable () -> Int64 = { SystemTime.unixSeconds() }

    public enum DuplicateAnswer: Sendable, Equatable {
        /// No handle, nothing stored.
        case refuseCall
        /// A handle, the repeated ids named as errors and not stored, the others stored.
        case refuseRepeatedItems
    }

    public init() {}
}
