@testable import AWS
import Events
import Foundation
import ObjectStore
import Synchronization
import Testing
import Transport

/// What stands between a test and a bucket.
struct Bucket {
    let session: AWSSession
    let world: AWSWorld

    /// - Parameter transport: nil for libcurl.
    init(_ environment: [String: String], transport: (any HTTPTransport)? = nil, world: AWSWorld? = nil) throws {
        let world = world ?? .test(environment)
        self.world = world
        let transport = try transport ?? Self.curl.get()
        session = AWSSession(configuration: AWSConfiguration.load(world: world, region: nil), transport: transport, world: world)
    }

    private static let curl = Result { try CurlTransport() }

    /// In a bucket that nobody else has.
    func newStore(path: String = "", spool: String, _ change: (inout S3Store.Options) -> Void = { _ in }) async throws -> S3Store {
        let name = "store-\(UUID().uuidString.lowercased())"
        var call = AWSCall(.putObject, .s3)
        call.operation = "CreateBucket"
        call.method = .put
        call.bucket = name
        if !session.configuration.overrides[.s3, default: ""].isEmpty, session.configuration.overrides[.sqs] != nil {
            call.body = .bytes(Array("<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>".utf8))
        }
        _ = try await session.client(.s3).send(call)
        return try store("s3://\(name)\(path)", spool: spool, change)
    }

    func store(_ url: String, spool: String, _ change: (inout S3Store.Options) -> Void = { _ in }) throws -> S3Store {
        var options = S3Store.Options(spool: spool)
        options.pageSize = 3  // so that every list has pages
        change(&options)
        return S3Store(try #require(S3Place(url: url)), in: session, world: world, options: options)
    }
}

extension AWSWorld {
    /// Real time; a pause is not waited for.
    static func test(_ environment: [String: String], sleep: (@Sendable (Duration) async throws -> Void)? = nil) -> AWSWorld {
        AWSWorld(
            environment: environment, readFile: { _ in nil }, now: { Timestamp(seconds: Date().timeIntervalSince1970) },
            sleep: sleep ?? { duration in
                // A lease is renewed after longer than any test takes; a retry at once.
                if duration > .seconds(30) { try await ContinuousClock().sleep(for: duration) }
                try Task.checkCancellation()
            }, random: { .random(in: .min ... .max) })
    }
}

extension StoreUnderTest {
    /// How often a race is run.
    var rounds: Int { self == .folder ? 300 : 60 }
}
