import Events
import Gzip
import ProtobufWire
import Transport

/// One request, tried until it is taken, refused, or its time is over.
struct OTLPSender: Sendable {
    enum End: Sendable, Equatable {
        case taken
        /// Taken but for so many; they must not be sent again.
        case partly(rejected: Int, message: String)
        /// Never to be sent again.
        case refused(culprit: String, remedy: String)
        /// The same may be taken later.
        case later(culprit: String, remedy: String)
    }

    /// Between two tries, twice as long each time, with jitter. Source: OTLP specification, "Failures".
    static let firstPause = Duration.seconds(1)
    static let longestPause = Duration.seconds(30)
    /// Bytes; a receiver need not take more than 64 MiB, and answers with no more than 4 MiB.
    static let largestAnswer = 4 << 20
    private static let api = "otlp"

    let transport: any HTTPTransport
    let world: DeliveryWorld
    let userAgent: String

    /// - Parameter lastFailure: is told of each failure, so that whoever ends the wait knows what it was for.
    func send(_ body: [UInt8], to target: OTLPConfiguration.Target, lastFailure: @Sendable (End) -> Void) async -> End {
        var pause = Self.firstPause
        let packed = target.packs ? try? gzip(body) : nil
        while true {
            let (end, wish) = await attempt(packed ?? body, isPacked: packed != nil, target)
            guard case .later = end else { return end }
            lastFailure(end)
            let jittered = pause * (0.5 + Double(world.random() >> 11) / Double(1 << 53) / 2)
            do { try await world.sleep(max(wish ?? .zero, jittered)) } catch { return end }
            pause = min(pause * 2, Self.longestPause)
        }
    }

    private func attempt(_ body: [UInt8], isPacked: Bool, _ target: OTLPConfiguration.Target) async -> (End, Duration?) {
        let request = Self.request(
            to: target, body,
            headers: [(name: "Content-Type", value: "application/x-protobuf"), (name: "User-Agent", value: userAgent)]
                + (isPacked ? [(name: "Content-Encoding", value: "gzip")] : []))
        do throws(TransportError) {
            let answer = try await transport.send(request)
            return (Self.end(of: answer, target.url), answer.retryAfter)
        } catch {
            return (error.reason.isTransient || error.reason == .cancelled ? .later(culprit: error.culprit, remedy: error.remedy) : .refused(culprit: error.culprit, remedy: error.remedy), nil)
        }
    }

    /// Without a key in the headers, plain HTTP gives nothing away that the collector's network does not have; with one it may go to this machine only.
    private static func request(to target: OTLPConfiguration.Target, _ body: [UInt8], headers: [(name: String, value: String)]) -> HTTPRequest {
        HTTPRequest(
            .post, target.url, api: api, headers: headers + target.headers.map { (name: $0.name, value: $0.value.reveal()) }, body: body, timeout: target.timeout,
            answerLimit: largestAnswer, plainHTTP: target.headers.isEmpty ? .anyHost : .loopback)
    }

    /// Throws what every request to this target would be refused for before anything goes out.
    static func check(_ target: OTLPConfiguration.Target) throws(TransportError) { try request(to: target, [], headers: []).check() }

    private static func end(of answer: HTTPResponse, _ url: String) -> End {
        let place = String(url.prefix { $0 != "?" })
        switch answer.status {
        case 200..<300:
            guard let part = OTLP.partialSuccess(in: answer.body) else { return .taken }
            return .partly(rejected: part.rejected, message: String(part.message.cut(toBytes: 200)))
        case 429, 502, 503, 504: return .later(culprit: "\(place): HTTP \(answer.status)", remedy: "See how the receiver is, and whether it is asked too often.")
        default:
            let words = OTLP.refusal(in: answer.body).map { ": " + $0.cut(toBytes: 200) } ?? ""
            return .refused(culprit: "\(place): HTTP \(answer.status)\(words)", remedy: Self.remedy(answer.status))
        }
    }

    private static func remedy(_ status: Int) -> String {
        switch status {
        case 401, 403: "Set the receiver's key in OTEL_EXPORTER_OTLP_HEADERS."
        case 404, 405: "Check telemetry.otlp.endpoint: it is the address of an OTLP/HTTP receiver (usually port 4318), without a path."
        default: "Look at the receiver's own log."
        }
    }
}
