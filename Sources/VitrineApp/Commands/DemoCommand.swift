import CatalogSync
public import Engine
import FoundationEssentials
import ObjectStore
import Sandbox
import Settings

/// `vitrine demo`: a sample landing zone, the sandbox in Meta's place, one run, and where to look next. Nothing leaves the machine.
public struct DemoCommand: Sendable {
    private let folder: String
    private let seed: UInt64
    private let options: CommonOptions
    private let world: World

    /// The file that says that a folder is ours to empty.
    private static let mark = ".vitrine-demo"
    private static let pipeline = "demo-shop"
    private static let tokenFile = "sandbox.token"

    public init(folder: String, seed: UInt64, options: CommonOptions, world: World = .real) {
        self.folder = folder
        self.seed = seed
        self.options = options
        self.world = world
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, at: .now) }

    public func execute() async -> Outcome {
        do {
            try prepareFolder()
            let files = try DemoLandingZone.write(to: folder + "/landing-zone", seed: seed)
            let sandbox = Sandbox(configuration: sandboxConfiguration)
            _ = try await sandbox.start()
            let outcome = await run(against: sandbox, files: files)
            await sandbox.stop()
            return outcome
        } catch {
            return .failure(RunStop(appError: error), pipeline: Self.pipeline, at: world.now())
        }
    }

    private var sandboxConfiguration: SandboxConfiguration {
        var configuration = SandboxConfiguration()
        configuration.seed = seed
        configuration.faults = .demo
        return configuration
    }

    private func run(against sandbox: Sandbox, files: [String]) async -> Outcome {
        do {
            let config = folder + "/vitrine.yaml"
            try AtomicFile.write(Array(Self.settings(graphURL: sandbox.graphURL).utf8), to: config)
            try AtomicFile.write(Array(sandbox.configuration.accessToken.utf8), to: folder + "/" + Self.tokenFile)
            var common = options
            common.config = config
            let command = RunCommand(pipeline: Self.pipeline, request: CatalogSync.Request(), options: common, world: world)
            let outcome = await command.execute()
            let isDone = outcome.code == .success || outcome.code == .doneWithErrors
            return Outcome(code: isDone ? .success : outcome.code, text: introduction(files) + outcome.text + next(config), json: outcome.json)
        } catch {
            return .failure(RunStop(appError: error), pipeline: Self.pipeline, at: world.now())
        }
    }

    private func prepareFolder() throws {
        let files = FileManager.default
        if files.fileExists(atPath: folder) {
            let isOurs = files.fileExists(atPath: folder + "/" + Self.mark)
            let isEmpty = (try? files.contentsOfDirectory(atPath: folder).isEmpty) ?? false
            guard isOurs || isEmpty else {
                throw RunStop(
                    .usage, reason: "folder", culprit: folder, detail: "it is there already and was not made by the demo",
                    remedy: "Name another folder: vitrine demo --folder PATH")
            }
        }
        try FolderStore.makeFolders(folder)
        // The mark comes first and stays to the last: a demo that is stopped in between leaves a folder that the next one knows for its own.
        try AtomicFile.write(Array("Made by 'vitrine demo', which empties this folder when it runs again.\n".utf8), to: folder + "/" + Self.mark)
        for name in try files.contentsOfDirectory(atPath: folder) where name != Self.mark { try files.removeItem(atPath: folder + "/" + name) }
    }

    private func introduction(_ files: [String]) -> String {
        """
        A shop drops \(files.count) CSV files into its landing zone. Vitrine checks every row, sends what is good to Meta (here: a sandbox on
        this machine), asks what became of each product, and accounts for every row.


        """
    }

    private func next(_ config: String) -> String {
        """

        Look around in \(folder):
          landing-zone/rejected/   the rows to mend, each with its line, rules and a hint
          landing-zone/archive/    the files that are done
          synced-products/         what was sent, batch by batch, and the journal and receipts of the run
          vitrine.yaml             the settings of this demo

        Ask it:
          vitrine runs --config \(ShellWord.quoted(config))
          vitrine report last --config \(ShellWord.quoted(config)) --output json

        """
    }

    private static func settings(graphURL: String) -> String {
        """
        # The settings of 'vitrine demo'. Yours will look the same, with your catalogue's id and https://graph.facebook.com/v26.0
        pipelines:
          \(pipeline):
            kind: catalog-sync
            landing: ./landing-zone
            synced: ./synced-products
            catalog:
              id: "1234567890"
              graph_url: \(graphURL)
              access_token: file:./\(tokenFile)
            delivery: {batch_size: 200, poll_interval: 200ms}
        alerts: {shipped: off}
        telemetry:
          logs: {file: ./logs/vitrine.ndjson}
          prometheus: {textfile: ./logs/vitrine.prom}
        state: ./state

        """
    }
}
