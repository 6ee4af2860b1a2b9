public import Events
public import Transport

/// Tells somebody outside that a run began and how it ended, so that silence is noticed where nothing here can notice it any more. The form is
/// that of Healthchecks (healthchecks.io/docs/http_api): `URL/start`, `URL`, `URL/fail`, and `?rid=` ties an end to its beginning.
public struct DeadManSwitch: Sendable {
    public enum Word: String, Sendable, CaseIterable { case start, success, fail }

    private let url: String
    private let transport: any HTTPTransport
    private let now: @Sendable () -> Timestamp

    /// One ping, a second try included.
    public static let bound = Duration.seconds(5)
    private static let answerLimit = 16 << 10

    /// - Parameter url: may hold a secret; only its scheme, host and port are ever shown.
    public init(url: String, transport: any HTTPTransport, now: @escaping @Sendable () -> Timestamp) {
        self.url = url
        self.transport = transport
        self.now = now
    }

    /// Returns within `bound`, whatever the receiver does, and never throws: a ping must not fail what it tells of.
    public func tell(_ word: Word, runID: String, reporter: Reporter) async {
        let started = now()
        let address = Self.address(url, word)
        let separator = address.contains("?") ? "&" : "?"
        var failure = await ping("\(address)\(separator)rid=\(runID)", timeout: Self.bound / 2)
        // Healthchecks itself takes nothing but a UUID for `rid` and answers 400 to any other name.
        if failure?.isRefusal == true { failure = await ping(address, timeout: Self.bound / 2) }
        if let failure {
            reporter.report(AlertEvent.pingFailed(word, culprit: failure.culprit, remedy: failure.remedy))
        } else {
            reporter.report(AlertEvent.pinged(word, took: now() - started))
        }
    }

    /// The word goes behind the path and before a query.
    static func address(_ url: String, _ word: Word) -> String {
        let path = url.prefix { $0 != "?" && $0 != "#" }
        let query = url.dropFirst(path.count).prefix { $0 != "#" }
        let base = path.hasSuffix("/") ? path.dropLast() : path
        switch word {
        case .start: return "\(base)/start\(query)"
        case .success: return "\(base)\(query)"
        case .fail: return "\(base)/fail\(query)"
        }
    }

    private struct Failure {
        var culprit: String
        var remedy: String
        var isRefusal = false
    }

    private func ping(_ address: String, timeout: Duration) async -> Failure? {
        let request = HTTPRequest(.get, address, api: AlertEvent.API.deadMan.rawValue, timeout: timeout, answerLimit: Self.answerLimit, plainHTTP: .anyHost)
        do throws(TransportError) {
            let status = try await transport.send(request).status
            guard !(200..<300).contains(status) else { return nil }
            return Failure(
                culprit: "dead_man: the receiver answered \(status)", remedy: "check the pipeline's `dead_man` against the address that the receiver shows",
                isRefusal: status == 400)
        } catch {
            return Failure(culprit: error.culprit, remedy: error.remedy)
        }
    }
}
