import CatalogSync
import Engine
import Events
import Investigation
import Settings

/// What the status page is made of. The pages ask and show; they know neither settings nor stores.
struct StatusPageSource: Sendable {
    /// Names, in the order of the settings.
    var pipelines: [String]
    /// Nil: nothing has run yet.
    var questions: @Sendable () throws -> Questions?
    /// How a pipeline stands, with what other places than the ledger know of it.
    var status: @Sendable (String) async throws -> PipelineStatus
    var presentation: @Sendable (String) -> Presentation
    var zone: ZoneRules
    var now: @Sendable () -> Timestamp

    init(
        pipelines: [String], questions: @escaping @Sendable () throws -> Questions?, status: @escaping @Sendable (String) async throws -> PipelineStatus,
        presentation: @escaping @Sendable (String) -> Presentation = { _ in Presentation() }, zone: ZoneRules = .utc, now: @escaping @Sendable () -> Timestamp
    ) {
        self.pipelines = pipelines
        self.questions = questions
        self.status = status
        self.presentation = presentation
        self.zone = zone
        self.now = now
    }

    /// Of loaded settings.
    /// - Parameter ledger: the process's own; nil where there is none yet.
    init(loaded: LoadedSettings, world: World, ledger: @escaping @Sendable () throws -> Ledger?) {
        self.init(
            pipelines: loaded.settings.pipelines.map(\.name), questions: { try ledger().map { Questions(ledger: $0) } },
            status: { name in
                guard let pipeline = loaded.settings.pipelines.first(where: { $0.name == name }) else { return .unknown(name) }
                return try await StatusReader(loaded: loaded, questions: ledger().map { Questions(ledger: $0) }, world: world).status(of: pipeline)
            },
            presentation: { loaded.presentation(of: $0) }, zone: loaded.zone, now: world.now)
    }
}
