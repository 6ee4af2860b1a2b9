import AWS
import Events
import Foundation
import ObjectStore
import Synchronization
import TestKit
import Transport

/// What may happen to a request on its way to S3.
enum AWSFault: Sendable, CaseIterable {
    case none
    /// 503, as S3 says "not so fast".
    case slowDown
    case internalError
    /// The connection breaks within the request: S3 has not seen it whole.
    case resetMidPut
    /// S3 has done it, and the connection breaks within the answer.
    case resetMidAnswer
    /// Nobody answers any more.
    case gone
}

/// libcurl to moto, with somebody in between who decides about each request.
struct FaultyAWS: HTTPTransport {
    let decide: @Sendable (HTTPRequest) async -> AWSFault

    private static let curl = Result { () throws(TransportError) in try CurlTransport() }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        switch await decide(request) {
        case .none: return try await Self.curl.get().send(request)
        case .slowDown: return Self.refusal(503, "SlowDown")
        case .internalError: return Self.refusal(500, "InternalError")
        case .resetMidPut: throw Self.broken(.closedBeforeAnswer, mayHaveArrived: false)
        case .resetMidAnswer:
            _ = try await Self.curl.get().send(request)
            throw Self.broken(.partialAnswer, mayHaveArrived: true)
        case .gone: throw Self.broken(.connect, mayHaveArrived: false)
        }
    }

    private static func refusal(_ status: Int, _ code: String) -> HTTPResponse {
        HTTPResponse(status: status, body: Array("<Error><Code>\(code)</Code><Message>no</Message></Error>".utf8))
    }

    private static func broken(_ reason: TransportError.Reason, mayHaveArrived: Bool) -> TransportError {
        TransportError(reason: reason, culprit: "the test: \(reason.label)", remedy: "Try again.", requestMayHaveArrived: mayHaveArrived)
    }

    /// A store in a bucket of moto. Pauses before a retry are not waited for.
    func store(_ url: String, at moto: MotoServer, spool: String) throws -> S3Store {
        let world = AWSWorld(
            environment: moto.environment, readFile: { _ in nil }, now: { Timestamp(seconds: Date().timeIntervalSince1970) },
            sleep: { duration in
                // A lease is renewed after longer than any test takes.
                if duration > .seconds(30) { try await ContinuousClock().sleep(for: duration) }
                try Task.checkCancellation()
            }, random: { .random(in: .min ... .max) })
        let session = AWSSession(configuration: AWSConfiguration.load(world: world, region: nil), transport: self, world: world)
        guard let place = S3Place(url: url) else { throw CocoaError(.fileReadUnknown) }
        return S3Store(place, in: session, world: world, options: S3Store.Options(spool: spool))
    }
}
