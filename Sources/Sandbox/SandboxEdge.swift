/// The edges the sandbox has.
public enum SandboxEdge: String, Sendable, CaseIterable, Hashable {
    /// `POST /{version}/{catalog}/items_batch`
    case itemsBatch = "items_batch"
    /// `GET /{version}/{catalog}/check_batch_request_status`
    case status = "check_batch_request_status"
    /// `GET /{version}/{catalog}`
    case catalog = "catalog"
}
