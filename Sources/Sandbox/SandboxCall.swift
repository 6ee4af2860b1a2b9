/// One call on the `items_batch` or the status edge, in order of arrival. Calls that no edge took (wrong path, token or catalogue) are here too.
public struct SandboxCall: Sendable, Equatable {
    /// 1-based over all edges.
    public let number: Int
    /// nil: a path or a method no edge has.
    public internal(set) var edge: SandboxEdge?
    /// The ids of a POST in the order they were sent; records without an id are left out.
    public internal(set) var items: [String] = []
    /// Bytes of the request body.
    public internal(set) var bodyBytes = 0
    public internal(set) var fault: FaultKind?
    /// HTTP status that was answered, nil if the client got none.
    public internal(set) var status: Int?
    /// Code of the error envelope, nil without one.
    public internal(set) var errorCode: Int?
    /// The handle that was made or asked for.
    public internal(set) var handle: String?
    /// Ids of the POST whose record was applied (now, or when the handle finishes). The truth a client must find out.
    public internal(set) var applied: [String] = []
}
