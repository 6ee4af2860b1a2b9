public import Engine
public import Events
import FoundationEssentials
public import MetaCatalog
public import ObjectStore
import Synchronization

/// The pipeline: CSV files in a landing zone, to products in a Meta catalogue, to a verdict for each of them.
public struct CatalogSync: Sendable {
    public let configuration: CatalogSyncConfiguration
    let landing: any ObjectStore
    let synced: any LeasingStore
    public let ledger: Ledger
    let client: CatalogClient
    let world: World
    let reporter: Reporter
    /// A folder for inflated copies of packed files.
    let spool: String
    let retention: Duration
    let history: Duration
    let gate = QuotaGate()
    let settled = SettledRuns()
    let runLogs: (any RunLogCollector)?
    let witness: (any RunWitness)?
    /// Held while a run is at work; the pipeline's first.
    private var leases: [any Lease] = []

    public init(
        configuration: CatalogSyncConfiguration, landing: any ObjectStore, synced: any LeasingStore, ledger: Ledger, client: CatalogClient,
        world: World, reporter: Reporter, runLogs: (any RunLogCollector)? = nil, witness: (any RunWitness)? = nil, spool: String, retention: Duration = .seconds(30 * 86_400), history: Duration = .seconds(400 * 86_400)
    ) {
        self.configuration = configuration
        self.landing = landing
        self.synced = synced
        self.ledger = ledger
        self.client = client
        self.world = world
        self.reporter = reporter.scoped(pipeline: configuration.pipeline)
        self.runLogs = runLogs
        self.witness = witness
        self.spool = spool
        self.retention = retention
        self.history = history
    }

    public struct Request: Sendable {
        /// Nil: a new name. Of an ended run: its stored report; of an open one: resumes it.
        public var runID: String?
        /// Sends what is unchanged too.
        public var full = false
        /// Lets the valid rows go although too many were rejected; the reason is kept.
        public var acceptRejected: String?
        /// A full load is announced.
        public var expectsFull = false
        public init() {}
    }

    /// One run, from settling what is open to its report. Never throws: what stops it is in the report.
    public func run(_ request: Request) async -> SyncReport {
        let runID = request.runID ?? RunID.make(at: world.now(), random: world.random())
        return await holdingLease(for: runID, grace: nil) { try await ended(runID) } work: { sync in
            if let open = try await sync.openRun(runID), await !open.log.isEmpty {
                await witness?.began(runID: runID)
                return await open.goOn()
            }
            let run = try await sync.begin(runID, request)
            return await run.goOn()
        }
    }

    /// One stage in a process of its own, for orchestrators. The first one opens the run; the last one closes it.
    public func stage(_ stage: SyncStage, _ request: Request, grace: Duration) async -> SyncReport {
        guard let runID = request.runID else { return stopped("", RunStop.noRunID) }
        return await holdingLease(for: runID, grace: grace) { try await ended(runID) } work: { sync in
            let run: SyncRun
            if let open = try await sync.openRun(runID), await !open.log.isEmpty { run = open } else { run = try await sync.begin(runID, request) }
            return await run.goOn(upTo: stage)
        }
    }

    /// The stored report of a run that has come to its end.
    private func ended(_ runID: String) async throws -> SyncReport? {
        guard let facts = try ledger.run(runID) else { return nil }
        guard facts.pipeline == configuration.pipeline else { throw RunStop.runIDTaken(runID, by: facts.pipeline) }
        guard facts.state.isEnd else { return nil }
        return try SyncReport(json: Array(facts.report.utf8))
    }

    /// The mark of the open run comes first: without it nobody would find the journal.
    private func begin(_ runID: String, _ request: Request) async throws -> SyncRun {
        if let hold = try await HoldShelf(store: synced, pipeline: configuration.pipeline).waiting() { throw RunStop.held(hold) }
        let opening = RunOpening(
            runID: runID, pipeline: configuration.pipeline, catalogID: configuration.catalogID, startedAt: world.now(),
            settings: configuration.settingsFingerprint, full: request.full, acceptRejected: request.acceptRejected,
            expectsFull: request.expectsFull || request.full, version: configuration.version)
        let folder = RunFolder(pipeline: opening.pipeline, runID: runID, startedAt: opening.startedAt)
        try await synced.put(folder.openMark, [UInt8](try JSONEncoder().encode(OpenMark(startedAt: opening.startedAt))), .always)
        let log = try await openLog(folder)
        try await log.append(.opened(opening))
        let run = SyncRun(sync: self, opening: opening, folder: folder, log: log)
        runLogs?.open(runID: runID)
        run.reporter.report(EngineEvent.runStarted(version: configuration.version))
        await witness?.began(runID: runID)
        return run
    }

    /// Oldest first.
    func openRuns() async throws -> [String] {
        let prefix = RunFolder.openMarks(of: configuration.pipeline)
        var found: [(started: Timestamp, runID: String)] = []
        for object in try await synced.list(prefix: prefix) {
            found.append((try await OpenMark.read(object.key, in: synced).startedAt, String(object.key.dropFirst(prefix.count))))
        }
        return found.sorted { ($0.started, $0.runID) < ($1.started, $1.runID) }.map(\.runID)
    }

    /// Nil where the run has ended since it was listed.
    func openRunFolder(_ runID: String) async throws -> RunFolder? {
        let key = RunFolder.openMarks(of: configuration.pipeline) + runID
        guard try await synced.exists(key) else { return nil }
        return RunFolder(pipeline: configuration.pipeline, runID: runID, startedAt: try await OpenMark.read(key, in: synced).startedAt)
    }

    /// Nil where there is no such open run; a mark without a journal is taken away, since nothing happened under it.
    func openRun(_ runID: String) async throws -> SyncRun? {
        let key = RunFolder.openMarks(of: configuration.pipeline) + runID
        guard try await synced.exists(key) else { return nil }
        let mark = try await OpenMark.read(key, in: synced)
        let folder = RunFolder(pipeline: configuration.pipeline, runID: runID, startedAt: mark.startedAt)
        let log = try await openLog(folder)
        guard let opening = await log.record.opening else {
            try await synced.delete(key)
            return nil
        }
        let run = SyncRun(sync: self, opening: opening, folder: folder, log: log)
        runLogs?.open(runID: runID)
        run.reporter.report(EngineEvent.runResumed(entries: await log.entries))
        return run
    }

    /// To be written under the leases that are held, after the number of the pipeline's where it has one.
    private func openLog(_ folder: RunFolder) async throws -> RunLog<SyncRecord> {
        let preface = leases.first?.fencingNumber.map { SyncEntry.leased(number: $0, at: world.now()) }
        return try await RunLog<SyncRecord>.open(synced, folder: folder.journal, under: leases, preface: preface)
    }

    /// - Parameter work: is given this pipeline with the leases it holds.
    private func holdingLease(
        for runID: String, grace: Duration?, ended: () async throws -> SyncReport?, work: (CatalogSync) async throws -> SyncReport
    ) async -> SyncReport {
        var leases: [any Lease] = []
        var report: SyncReport
        do {
            guard RunID.isValid(runID) else { throw RunStop.badRunID(runID) }
            if let report = try await ended() { return report }
            leases = try await takeLeases(for: runID)
            try ledger.checkWhole(pipeline: configuration.pipeline)
            var holding = self
            holding.leases = leases
            reporter.report(EngineEvent.pipelineBusy(since: world.now()))
            defer { reporter.report(EngineEvent.pipelineIdle) }
            report = try await work(holding)
            if let grace {
                for lease in leases {
                    if report.state == .running { try await lease.extend(until: world.now() + grace) } else { await lease.release() }
                }
            }
            if grace != nil { return report }
        } catch {
            report = stopped(runID, RunStop(any: error))
        }
        for lease in leases { await lease.release() }
        return report
    }

    /// The right to work on the pipeline and on the catalogue, alone.
    func takeLeases(for runID: String) async throws -> [any Lease] {
        var leases: [any Lease] = []
        for key in [RunFolder.lease(of: configuration.pipeline), ".lease-catalog-\(configuration.catalogID)"] {
            switch try await synced.lease(key, for: holder(runID), now: world.now()) {
            case .granted(let lease): leases.append(lease)
            case .held(let other):
                for lease in leases { await lease.release() }
                throw leaseHeld(by: other)
            }
        }
        return leases
    }

    private func holder(_ runID: String) -> LeaseHolder {
        LeaseHolder(runID: runID, process: "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)")
    }

    private static let leaseHeld = "lease_held"

    private func leaseHeld(by other: LeaseHolder?) -> RunStop {
        let name = other.map { "run \($0.runID) in process \($0.process)" } ?? "another process"
        reporter.report(EngineEvent.leaseHeld(holder: name))
        return RunStop(
            .tryAgainLater, reason: Self.leaseHeld, culprit: configuration.pipeline, detail: "\(name) is at work on it",
            remedy: "Wait until it has ended, then run again.")
    }

    /// A report for a run that did not come to open a journal. Who holds the lease was said already.
    private func stopped(_ runID: String, _ stop: RunStop) -> SyncReport {
        let reporter = reporter.scoped(runID: runID.isEmpty ? nil : runID)
        switch stop.reason {
        case Self.leaseHeld: break
        // A held run is no failure of the next one.
        case Hold.reason: reporter.report(SyncEvent.runStillHeld(reason: stop.detail, remedy: stop.remedy))
        default: reporter.report(EngineEvent.runNotBegun(stop))
        }
        let now = world.now()
        var report = SyncReport(runID: runID, pipeline: configuration.pipeline, state: .failed, startedAt: now)
        report.endedAt = now
        report.error = .init(stop)
        return report
    }
}

/// Reports of earlier runs that this process has settled, for the report of the run that did it.
final class SettledRuns: Sendable {
    private let found = Mutex<[String: [SyncReport.Settled]]>([:])

    func reports(by runID: String) -> [SyncReport.Settled] { found.withLock { $0[runID] ?? [] } }

    func add(_ report: SyncReport, by runID: String) {
        found.withLock { found in
            found[runID, default: []].removeAll { $0.runID == report.runID }
            found[runID, default: []].append(.init(runID: report.runID, state: report.state, rows: report.rows, items: report.items))
        }
    }
}

extension RunStop {
    static var noRunID: RunStop {
        RunStop(.usage, reason: "run_id", culprit: "--run-id", detail: "a stage needs the name of its run", remedy: "Give the same --run-id to every stage.")
    }

    static func runIDTaken(_ runID: String, by pipeline: String) -> RunStop {
        RunStop(
            .usage, reason: "run_id", culprit: "--run-id \(runID)", detail: "it is the name of a run of the pipeline \(pipeline)",
            remedy: "Give each pipeline's runs names of their own.")
    }

    static func badRunID(_ text: String) -> RunStop {
        RunStop(.usage, reason: "run_id", culprit: "--run-id \(text)", detail: "it is no name of a run", remedy: "Use 1 to 64 of A-Z a-z 0-9 . _ -")
    }
}
