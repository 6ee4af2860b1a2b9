import Alerting
import CatalogSync
import Engine
import Events
import MetaCatalog
import ObjectStore
import Settings

/// What deadlines look at, from the places that know it.
struct PipelineFactsReader: Sendable {
    let factory: PipelineFactory
    let ledger: Ledger
    /// Whether some rule looks at files: to find the newest costs a look at all there is.
    var looksAtFiles = true

    /// Ends after which a run was worth something; see `PipelineFacts.lastSuccess`.
    static let successes: Set<RunState> = [.done, .doneWithErrors, .nothingToDo]

    /// - Parameters:
    ///   - report: of the run that is just ending, which the ledger does not know yet.
    ///   - waiting: in the landing zone.
    func facts(of pipeline: PipelineSettings, ending report: SyncReport? = nil, waiting: WaitingFiles) async throws -> PipelineFacts {
        var facts = PipelineFacts(pipeline: pipeline.name)
        facts.lastSuccess = try ledger.lastRun(of: pipeline.name, in: Self.successes)?.endedAt
        if let report, Self.successes.contains(report.state), let end = report.endedAt { facts.lastSuccess = max(facts.lastSuccess ?? end, end) }
        if looksAtFiles {
            facts.lastFile = [try ledger.newestFileTime(pipeline: pipeline.name), waiting.newest].compactMap(\.self).max()
            facts.isWaitingKnown = waiting != .notKnown
        }
        facts.oldestUnknown = try ledger.oldestTime(in: .unknown, pipeline: pipeline.name)
        facts.isPaused = try await factory.pauses.inForce(pipeline.name, at: factory.world.now()) != nil
        facts.expiries[.token] = pipeline.catalog.tokenExpires
        facts.expiries[.apiVersion] = pipeline.catalog.apiVersionEnds ?? GraphVersion.end(ofVersionIn: pipeline.catalog.graphURL)
        return facts
    }

    /// Where the landing zone cannot be looked at, the run says so.
    func waitingFiles(of pipeline: PipelineSettings) async -> WaitingFiles {
        guard looksAtFiles, (try? factory.require(pipeline)) != nil, let landing = try? factory.landing(pipeline),
            let times = try? await LandingZone.completeFiles(in: landing).map(\.modified)
        else { return .notKnown }
        return WaitingFiles(times)
    }
}

/// What is known of the complete files in a landing zone.
enum WaitingFiles: Sendable, Equatable {
    /// When the newest of them was stored.
    case newest(Timestamp)
    case nothing
    /// Nobody has looked, or nobody could.
    case notKnown

    init(_ times: [Timestamp]) { self = times.max().map { .newest($0) } ?? .nothing }

    var newest: Timestamp? { if case .newest(let time) = self { time } else { nil } }
}
