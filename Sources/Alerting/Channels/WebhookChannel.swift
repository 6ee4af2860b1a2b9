public import Transport

/// Tells a program that takes Alertmanager's webhook; or Alertmanager itself, where the address is that of its own API (`…/api/v2/alerts`), with
/// what it passes on to everybody it knows.
public struct WebhookChannel: AlertChannel {
    private let name: String
    private let url: String
    private let transport: any HTTPTransport

    /// Bytes of answer that are read.
    private static let answerLimit = 64 << 10

    /// - Parameters:
    ///   - name: the channel's, which the body calls the receiver.
    ///   - url: may hold a secret, as those of chats do; it is never shown.
    public init(name: String, url: String, transport: any HTTPTransport) {
        self.name = name
        self.url = url
        self.transport = transport
    }

    public func send(_ notice: AlertNotice, insteadOf: String?) async throws(DeliveryFailure) {
        // Receivers inside a private network, such as Alertmanager, offer nothing but plain HTTP.
        let request = HTTPRequest(
            .post, url, api: AlertEvent.API.webhook.rawValue, headers: [(name: "Content-Type", value: "application/json")],
            body: body(notice, insteadOf), timeout: AlertDesk.attemptTime, answerLimit: Self.answerLimit,
            plainHTTP: .anyHost)
        try await send(request)
    }

    private func body(_ notice: AlertNotice, _ insteadOf: String?) -> [UInt8] {
        let body = WebhookBody(notice, receiver: name, insteadOf: insteadOf)
        let path = url.prefix { $0 != "?" && $0 != "#" }
        return path.hasSuffix("/api/v2/alerts") ? body.alertmanagerJSON(at: notice.at) : body.json
    }

    private func send(_ request: HTTPRequest) async throws(DeliveryFailure) {
        let response: HTTPResponse
        do throws(TransportError) { response = try await transport.send(request) } catch {
            throw DeliveryFailure(culprit: error.culprit, remedy: error.remedy, isFinal: !error.reason.isTransient && error.reason != .cancelled)
        }
        guard (200..<300).contains(response.status) else {
            let isBusy = response.status == 408 || response.status == 429 || response.status >= 500
            throw DeliveryFailure(
                culprit: "webhook: the receiver answered \(response.status)",
                remedy: isBusy ? "look at the receiver; it is tried again" : "check the channel's `url` and whether the receiver takes Alertmanager's webhook",
                isFinal: !isBusy)
        }
    }
}
