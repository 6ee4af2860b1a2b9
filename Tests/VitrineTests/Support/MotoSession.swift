import AWS
import Events
import Foundation
import ObjectStore
import TestKit
import Transport

extension MotoServer {
    private static let curl = Result { () throws(TransportError) in try CurlTransport() }

    /// A world in which this server is AWS. Pauses before a retry are not waited for.
    var world: AWSWorld {
        AWSWorld(
            environment: environment, readFile: { _ in nil }, now: { Timestamp(seconds: Date().timeIntervalSince1970) },
            sleep: { duration in
                // A lease is renewed after longer than any test takes, and a delivery has its thirty seconds.
                if duration >= .seconds(30) { try await ContinuousClock().sleep(for: duration) }
                try Task.checkCancellation()
            }, random: { .random(in: .min ... .max) })
    }

    func session() throws -> AWSSession {
        AWSSession(configuration: AWSConfiguration.load(world: world, region: nil), transport: try Self.curl.get(), world: world)
    }

    func store(_ url: String) throws -> S3Store {
        guard let place = S3Place(url: url) else { throw CocoaError(.fileReadUnknown) }
        return S3Store(place, in: try session(), world: world, options: S3Store.Options(spool: FileManager.default.temporaryDirectory.path))
    }
}
