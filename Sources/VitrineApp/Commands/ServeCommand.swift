public import Engine
import ServiceLifecycle
import UnixSignals

/// `vitrine serve`: the daemon, until its task is cancelled; 75 where its state in a bucket has become another's, so that whoever supervises it starts
/// it anew.
public struct ServeCommand: Sendable {
    private let options: CommonOptions
    private let world: World

    public init(options: CommonOptions, world: World = .real) {
        self.options = options
        self.world = world
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, NoFields()) }

    public func execute() async -> Outcome {
        do {
            let loaded = try LoadedSettings.load(options.config)
            let session = try await AppSession.open(loaded: loaded, options: options, world: world, isServing: true)
            defer { session.end() }
            let moments: LastMoments
            do {
                let graph = try await ServeGraph(session: session, world: world, more: { [ReloadService(daemon: $0)] })
                moments = try await graph.run()
            } catch {
                try? await session.leaveState()
                throw error
            }
            let left: Result<Void, any Error>
            do { left = .success(try await session.leaveState()) } catch { left = .failure(error) }
            await session.sayRest(moments)
            try left.get()
            if let lost = session.state.bucket?.lost { throw lost }
            return Outcome(code: .success, text: "", json: JSONDocument.bytes(NoFields()))
        } catch {
            return .failure(RunStop(appError: error), NoFields())
        }
    }
}

/// SIGHUP reads the settings anew.
private struct ReloadService: Service {
    let daemon: Daemon

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { daemon.reload() }
    }
}
