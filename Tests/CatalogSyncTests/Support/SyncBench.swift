import Engine
import Events
import Foundation
import MetaCatalog
import ObjectStore
import Sandbox
import Transport

@testable import CatalogSync

/// Everything a run needs, small and quick: temporary folders, the sandbox over real HTTP, a real ledger, a manual clock.
struct SyncBench: Sendable {
    let root: String
    let sandbox: Sandbox
    let clock: ManualClock
    let sink = RecordingSink()
    let ledger: Ledger
    var configuration: CatalogSyncConfiguration
    var retention = Duration.seconds(30 * 86_400)
    /// Nil: the shared libcurl transport.
    var transport: (any HTTPTransport)?

    /// One for all benches: each has its own port, and a thread for each bench would be a waste.
    private static let curl = Result { () throws(TransportError) in
        var configuration = TransportConfiguration()
        configuration.maxConcurrentTransfers = 64
        return try CurlTransport(configuration: configuration)
    }

    /// The processes that died here.
    let graves = Graves()

    var landing: FolderStore { FolderStore(root: root + "/landing") }
    var synced: FolderStore { FolderStore(root: root + "/synced") }
    var pipeline: String { configuration.pipeline }

    init(root: String, sandbox: Sandbox, seed: UInt64) throws {
        self.root = root
        self.sandbox = sandbox
        clock = ManualClock(seed: seed)
        for folder in ["landing/data", "synced", "state"] { try FolderStore.makeFolders("\(root)/\(folder)") }
        ledger = try Ledger(folder: root + "/state")
        configuration = CatalogSyncConfiguration(pipeline: "shop", catalogID: sandbox.configuration.catalogID)
        configuration.settingsFingerprint = "settings-1"
        configuration.version = "test"
        configuration.delivery.pollDeadline = .seconds(20)
        configuration.validation.maxRejectedShare = 1
        // Small shops whose rows all change at once; `GuardTests` has them on.
        configuration.guards.isOn = false
    }

    func sync(
        landing: (any ObjectStore)? = nil, synced: (any LeasingStore)? = nil, ledger: Ledger? = nil, runLogs: (any RunLogCollector)? = nil
    ) throws -> CatalogSync {
        let endpoint = CatalogEndpoint(
            graphURL: sandbox.graphURL, catalogID: configuration.catalogID, accessToken: Secret(sandbox.configuration.accessToken))
        return CatalogSync(
            configuration: configuration, landing: landing ?? self.landing, synced: synced ?? self.synced, ledger: ledger ?? self.ledger,
            client: CatalogClient(endpoint: endpoint, transport: try transport ?? Self.curl.get()), world: clock.world,
            reporter: Reporter(sink: sink), runLogs: runLogs, spool: root, retention: retention)
    }

    /// One run in a process of its own.
    func run(_ change: (inout CatalogSync.Request) -> Void = { _ in }) async throws -> SyncReport {
        var request = CatalogSync.Request()
        change(&request)
        return await (try sync()).run(request)
    }

    func plan(hold: Hold? = nil) async throws -> SyncReport {
        try await Plan(configuration: configuration, ledger: ledger, spool: root, hold: hold, now: clock.world.now).report(of: landing)
    }

    /// Puts a file into the landing zone, written so many seconds after the bench's start.
    func drop(_ file: FeedFile, at seconds: Double) throws { try drop(file.name, try file.bytes, at: seconds) }

    func drop(_ name: String, _ bytes: [UInt8], at seconds: Double) throws {
        let path = "\(root)/landing/data/\(name)"
        try FolderStore.makeFolders(String(path[..<path.lastIndex(of: "/")!]))
        try Data(bytes).write(to: URL(filePath: path))
        try setTime(of: path, at: seconds)
    }

    func setTime(of path: String, at seconds: Double) throws {
        let date = Date(timeIntervalSince1970: ManualClock.start.seconds + seconds)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    }

    func dataFiles() async throws -> [String] { try await names(in: "data/") }

    /// Keys below a folder of the landing zone, without it.
    func names(in folder: String) async throws -> [String] {
        try await landing.list(prefix: folder).map { String($0.key.dropFirst(folder.count)) }
    }

    func openMarks() async throws -> [String] { try await synced.list(prefix: RunFolder.openMarks(of: pipeline)).map(\.key) }

    /// No file waits and no run is open.
    var isTidy: Bool {
        get async throws {
            let marks = try await openMarks()
            let files = try await dataFiles()
            return marks.isEmpty && files.isEmpty
        }
    }

    func subject(_ id: String) throws -> Subject? { try ledger.subjects([id], pipeline: pipeline)[id] }

    func folder(of report: SyncReport) -> RunFolder { RunFolder(pipeline: pipeline, runID: report.runID, startedAt: report.startedAt) }

    func record(of report: SyncReport) async throws -> SyncRecord {
        try await RunLog<SyncRecord>.open(synced, folder: folder(of: report).journal).record
    }

    func receipts(of report: SyncReport) async throws -> [Receipt] {
        try LinesReader.read(try await synced.get(folder(of: report).receipts, limit: 1 << 24))
    }

    func storedReport(_ runID: String) throws -> SyncReport? {
        try ledger.run(runID).map { try SyncReport(json: Array($0.report.utf8)) }
    }

    /// The journal as it stands, for asking what came after what.
    func journal(_ folder: RunFolder) async throws -> [SyncEntry] {
        var entries: [SyncEntry] = []
        for object in try await synced.list(prefix: folder.journal) {
            entries.append(try JSONDecoder().decode(SyncEntry.self, from: Data(try await synced.get(object.key, limit: 1 << 24))))
        }
        return entries
    }

    /// Posts on the catalogue so far, each as the ids it carried.
    var posts: [[String]] { sandbox.calls().filter { $0.edge == .itemsBatch }.map(\.items) }
}

/// A bench for the length of a test, in memory where the system has a folder for that: a flush of a real disk costs more than a whole run.
func withBench(
    seed: UInt64 = 1, sandbox configure: (inout SandboxConfiguration) -> Void = { _ in }, _ body: (inout SyncBench) async throws -> Void
) async throws {
    let memory = "/dev/shm"
    let base = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    let root = "\(base)/vitrine-sync-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    var configuration = SandboxConfiguration()
    configuration.seed = seed
    configure(&configuration)
    let sandbox = Sandbox(configuration: configuration)
    try await sandbox.start()
    do {
        var bench = try SyncBench(root: root, sandbox: sandbox, seed: seed)
        let graves = bench.graves
        do { try await body(&bench) } catch {
            await graves.clear()
            throw error
        }
        await graves.clear()
    } catch {
        await sandbox.stop()
        throw error
    }
    await sandbox.stop()
}
