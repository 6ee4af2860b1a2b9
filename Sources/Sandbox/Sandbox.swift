import Hummingbird
import Logging
import NIOCore
public import ServiceLifecycle
import Synchronization

/// A stand-in for Meta's Catalog Batch API: strict, seeded, and misbehaving on schedule. Clients reach it over HTTP like the real one.
///
/// In process: `start()`, use `graphURL`, `stop()`. As a command: `run(onReady:)`, or as a service of a group.
public final class Sandbox: Service {
    public let configuration: SandboxConfiguration
    private let model: Mutex<SandboxModel>
    private let life = Mutex(Life.unborn)

    private enum Life {
        case unborn
        case running(port: Int, server: Task<Void, any Error>?)
        case ended
    }

    public init(configuration: SandboxConfiguration = SandboxConfiguration()) {
        self.configuration = configuration
        model = Mutex(SandboxModel(configuration: configuration))
    }

    public func run() async throws { try await run(onReady: { _ in }) }

    /// Serves until the task is cancelled or the surrounding service group shuts down gracefully.
    /// - Parameter onReady: called once with the port the sandbox listens on.
    public func run(onReady: @escaping @Sendable (_ port: Int) -> Void) async throws {
        var logger = Logger(label: "sandbox")
        logger.logLevel = .critical
        let application = Application(
            responder: SandboxResponder(keptBytes: configuration.byteLimit) { [self] request in model.withLock { $0.answer(request) } },
            configuration: .init(address: .hostname(configuration.host, port: configuration.port), serverName: nil),
            onServerRunning: { [self] channel in
                let port = channel.localAddress?.port ?? configuration.port
                life.withLock { $0 = .running(port: port, server: nil) }
                onReady(port)
            },
            logger: logger)
        defer { life.withLock { $0 = .ended } }
        do {
            try await application.run()
        } catch let error where !(error is CancellationError) {
            throw SandboxError(culprit: address, remedy: "Choose another port, or 0 for any free one.", cause: error)
        }
    }

    /// Serves in a task of its own until `stop()`.
    /// - Returns: the port.
    /// - Throws: `SandboxError` if the address cannot be listened on.
    ///
    /// A stopped sandbox may be started again, with everything it had stored; with `port` 0 it then has another port.
    @discardableResult
    public func start() async throws -> Int {
        let (ports, ready) = AsyncThrowingStream<Int, any Error>.makeStream()
        // Unstructured because it outlives this call; `stop()` cancels it and waits for its end.
        let server = Task {
            do {
                try await self.run { ready.yield($0) }
                ready.finish()
            } catch {
                ready.finish(throwing: error)
                throw error
            }
        }
        for try await port in ports {
            life.withLock { $0 = .running(port: port, server: server) }
            return port
        }
        server.cancel()
        throw SandboxError(culprit: address, remedy: "It ended before it listened; start it outside of a cancelled task.", cause: nil)
    }

    /// Breaks all connections and stops listening. What was stored stays to be looked at.
    public func stop() async {
        let server: Task<Void, any Error>? = life.withLock { life in
            guard case .running(_, let server) = life else { return nil }
            life = .ended
            return server
        }
        server?.cancel()
        _ = await server?.result
    }

    /// Where clients go: `http://127.0.0.1:PORT/v26.0`. Only while it runs.
    public var graphURL: String { "http://\(configuration.host):\(port)/v26.0" }

    /// The port it listens on, 0 while it does not.
    public var port: Int {
        life.withLock { if case .running(let port, _) = $0 { port } else { 0 } }
    }

    /// The live items by id.
    public func catalog() -> [String: SandboxItem] { model.withLock { $0.items } }

    /// Every call so far, in order of arrival.
    public func calls() -> [SandboxCall] { model.withLock { $0.calls } }

    /// Takes another plan from the next call on; call numbers and streaks of the plan start over.
    public func setFaults(_ plan: FaultPlan) { model.withLock { $0.set(plan) } }

    private var address: String { "\(configuration.host):\(configuration.port)" }
}
