import Synchronization
import Transport

/// Answers every request with the same result and remembers what was asked.
final class ScriptedTransport: HTTPTransport {
    let requests = Mutex<[HTTPRequest]>([])
    private let result: Result<HTTPResponse, TransportError>

    init(_ result: Result<HTTPResponse, TransportError>) { self.result = result }

    convenience init(_ body: String, status: Int = 200, headers: HTTPHeaders = [:], retryAfter: Duration? = nil) {
        self.init(.success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8), retryAfter: retryAfter)))
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        requests.withLock { $0.append(request) }
        return try result.get()
    }

    var onlyRequest: HTTPRequest? { requests.withLock { $0.count == 1 ? $0[0] : nil } }
}
