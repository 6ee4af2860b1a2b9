public import Events

/// Runs one stage: measures it and says so. A stage itself only works.
public struct StageRunner: Sendable {
    private let reporter: Reporter
    private let world: World

    public init(reporter: Reporter, world: World) {
        self.reporter = reporter
        self.world = world
    }

    public func run<Result>(_ stage: String, _ body: (Reporter) async throws -> Result) async throws -> Result {
        let reporter = reporter.scoped(stage: stage)
        reporter.report(EngineEvent.stageStarted(stage))
        let start = world.now()
        var failed = true
        // A clock that is set back meanwhile is no negative time, which a histogram could not take.
        defer { reporter.report(EngineEvent.stageEnded(stage, seconds: max(0, (world.now() - start) / .seconds(1)), failed: failed)) }
        let result = try await body(reporter)
        failed = false
        return result
    }
}
