/// What goes back, and how far it gets.
struct SandboxReply: Sendable {
    enum Ending: Sendable, Equatable {
        case whole
        /// The whole answer, after a pause.
        case late(Duration)
        /// Headers with the whole length, half of the body, then the connection closes.
        case cut
        /// The connection closes in order (FIN) without an answer.
        case closed
        /// The connection is reset (RST) without an answer.
        case reset
        /// Nothing for this long, then the connection closes without an answer.
        case hang(Duration)

        var isAnswer: Bool {
            switch self {
            case .whole, .late: true
            case .cut, .closed, .reset, .hang: false
            }
        }
    }

    var status = 200
    var body: String
    var contentType = "application/json; charset=UTF-8"
    var headers: [(name: String, value: String)] = []
    var ending = Ending.whole

    static func json(_ value: SandboxValue) -> SandboxReply { SandboxReply(body: value.json) }

    static let badGateway = SandboxReply(
        status: 502, body: "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>Sorry, something went wrong.</h1></body></html>\n",
        contentType: "text/html; charset=utf-8")
}
