import AWS
import Engine
import Events
import FoundationEssentials
import ObjectStore
import Synchronization
import Transport

/// AWS as one process speaks to it: one transport, one search for credentials. Made when something first asks for it, so that who uses no AWS
/// has no part of it.
final class AWSLink: Sendable {
    let world: AWSWorld
    private let region: String?
    private let parts = Mutex<Parts?>(nil)
    private let outlet = Outlet()

    private struct Parts {
        let transport: CurlTransport
        let session: AWSSession
    }

    /// - Parameter region: of the settings; nil: the environment and the profile are asked.
    init(region: String?, random: @escaping @Sendable () -> UInt64) {
        self.region = region
        // The real time, whatever a test makes of the pipeline's: signatures are judged by AWS's clock, and the bounds of what speaks to it hold.
        world = AWSWorld(
            environment: Environment.all,
            readFile: { FileManager.default.contents(atPath: $0).map { String(decoding: $0, as: UTF8.self) } },
            now: World.real.now, sleep: World.real.sleep, random: random)
    }

    /// - Throws: `TransportError` where libcurl cannot be started.
    func session() throws -> AWSSession {
        try parts.withLock { parts in
            if let parts { return parts.session }
            let configuration = AWSConfiguration.load(world: world, region: region)
            let transport = try CurlTransport(configuration: configuration.transport(userAgent: "vitrine/\(Version.text)"))
            let session = AWSSession(configuration: configuration, transport: transport, world: world, reporter: Reporter(sink: outlet))
            parts = Parts(transport: transport, session: session)
            return session
        }
    }

    /// Where its events go from here on; before, nowhere: the sinks that ship to CloudWatch need a session, so they come later than it.
    func report(to sink: any EventSink) { outlet.sink.withLock { $0 = sink } }

    func shutdown() { parts.withLock { $0?.transport.shutdown() } }
}

private final class Outlet: EventSink {
    let sink = Mutex<(any EventSink)?>(nil)

    func receive(_ event: some Event, in scope: EventScope) { sink.withLock(\.self)?.receive(event, in: scope) }
}
