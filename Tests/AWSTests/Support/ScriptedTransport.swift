import Events
import Synchronization
import Transport

/// Answers as its script says, the last answer again and again, and keeps what it was asked.
final class ScriptedTransport: HTTPTransport {
    typealias Reply = Result<HTTPResponse, TransportError>

    private struct State {
        var script: [Reply]
        var requests: [HTTPRequest] = []
    }

    private let state: Mutex<State>

    init(_ script: Reply...) { state = Mutex(State(script: script)) }

    var requests: [HTTPRequest] { state.withLock(\.requests) }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        try state.withLock { state in
            state.requests.append(request)
            return state.script.count > 1 ? state.script.removeFirst() : state.script[0]
        }.get()
    }
}

extension ScriptedTransport.Reply {
    static func answer(_ status: Int, _ body: String = "", _ headers: [(name: String, value: String)] = []) -> Self {
        .success(HTTPResponse(status: status, headers: HTTPHeaders(headers), body: Array(body.utf8)))
    }

    static func failed(_ reason: TransportError.Reason, mayHaveArrived: Bool = false) -> Self {
        .failure(TransportError(reason: reason, culprit: "scripted", remedy: "none", requestMayHaveArrived: mayHaveArrived))
    }
}

extension HTTPRequest {
    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
    var path: String { String(url.dropFirst("https://".count).drop { $0 != "/" }) }
    var text: String { String(decoding: body ?? [], as: UTF8.self) }
}
