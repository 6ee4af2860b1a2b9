import CatalogSync
import Engine
import Events
import ObjectStore
import Settings

/// Finds a run by its name: in the ledger, and where that knows no end of it, by its open mark and journal in the synced store.
struct RunFinder {
    /// Nil where nothing has come to an end here yet.
    let ledger: Ledger?
    private let loaded: LoadedSettings
    private let pipelines: [PipelineSettings]
    private let world: World

    init(loaded: LoadedSettings, pipelines: [PipelineSettings], world: World = .real) async throws {
        self.loaded = loaded
        self.pipelines = pipelines
        self.world = world
        ledger = try await LedgerReader(loaded: loaded).ledgerIfAny()
    }

    struct Found {
        /// Of a run that the ledger does not know: what its journal says.
        let facts: RunFacts
        /// Where the run has no end.
        let noEnd: OpenRun?
    }

    struct Open {
        var runs: [OpenRun] = []
        /// Of pipelines whose runs could not be looked at.
        var problems: [RunStop] = []
    }

    /// - Parameter name: of a run; `last` is the one that began last.
    /// - Throws: 64 where no such run is known, 78 where none is; what kept a store from being asked, where that leaves the question open.
    func run(_ name: String) async throws -> Found {
        let isLast = name == "last"
        let known = try (isLast ? ledger?.runs(pipeline: nil, limit: 1).first : ledger?.run(name)).flatMap { $0.report.isEmpty ? nil : $0 }
        if !isLast, let known, known.state.isEnd { return Found(facts: known, noEnd: nil) }
        let open = await look(for: isLast ? nil : name)
        let newest = open.runs.max { $0.startedAt < $1.startedAt }
        guard let known else {
            if let newest { return Found(facts: RunFacts(newest), noEnd: newest) }
            if let problem = open.problems.first { throw problem }
            if ledger == nil { throw try nothingKnown }
            throw RunStop(.usage, reason: "run", culprit: name, detail: "no such run is known", remedy: "See: vitrine runs")
        }
        guard let newest, newest.startedAt >= known.startedAt else { return Found(facts: known, noEnd: nil) }
        return Found(facts: newest.isClosed && newest.folder.runID == known.runID ? known : RunFacts(newest), noEnd: newest)
    }

    /// Runs without an end, but for those that gave up in good order: they have a report.
    /// - Throws: what kept a store from being asked, where there is no ledger to tell of runs instead.
    func openRuns() async throws -> Open {
        var open = await look(for: nil)
        open.runs = try open.runs.filter { try !$0.isClosed || ledger?.run($0.folder.runID) == nil }
        if ledger == nil, open.runs.isEmpty { throw try open.problems.first ?? nothingKnown }
        return open
    }

    /// The same without a word of what could not be asked: for questions that others answer too.
    func unfinished() async -> [OpenRun] { (try? await openRuns())?.runs ?? [] }

    var nothingKnown: RunStop { get throws { try LedgerReader(loaded: loaded).none } }

    /// - Parameter name: nil: all.
    private func look(for name: String?) async -> Open {
        var open = Open()
        let factory = PipelineFactory(loaded: loaded, world: world)
        for pipeline in pipelines {
            do {
                let marks = OpenRuns(try factory.synced(pipeline), pipeline: pipeline.name)
                let names = if let name { [name] } else { try await marks.names() }
                for name in names {
                    if try ledger?.run(name).map(Self.isEnded) == true { continue }
                    if let run = try await marks.run(name) { open.runs.append(run) }
                }
            } catch {
                open.problems.append(RunStop(appError: error))
            }
        }
        return open
    }

    /// One with items that wait for a late verdict has a mark and yet an end.
    private static func isEnded(_ facts: RunFacts) -> Bool { facts.state.isEnd && !facts.report.isEmpty }
}

extension RunFacts {
    /// `endedAt` is the last that is known of it.
    fileprivate init(_ run: OpenRun) {
        let report = (try? run.report.json()).map { String(decoding: $0, as: UTF8.self) } ?? ""
        self.init(
            runID: run.folder.runID, pipeline: run.folder.pipeline, state: .running, startedAt: run.startedAt, endedAt: run.lastEntry?.at ?? run.startedAt,
            settings: run.settings, report: report)
    }
}
