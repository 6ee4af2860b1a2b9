public import Engine
import Feed
import FoundationEssentials
import Settings

/// `vitrine init --from FILE.csv`: settings for a shop, guessed from one of its files.
public struct InitCommand: Sendable {
    private let file: String
    private let options: CommonOptions

    public init(file: String, options: CommonOptions) {
        self.file = file
        self.options = options
    }

    private struct Document: Encodable {
        let written: String
        let notes: [String]
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(written: "", notes: [])) }

    public func execute() -> Outcome {
        do {
            guard !FileManager.default.fileExists(atPath: options.config) else {
                throw RunStop(
                    .usage, reason: "exists", culprit: options.config, detail: "it is there already, and is not written over",
                    remedy: "Name another file: vitrine init --from \(ShellWord.quoted(file)) --config FILE")
            }
            let guess = try SampleFile(file).guess()
            let text = Self.settings(guess)
            _ = try VitrineSettings(yaml: text, file: options.config, vocabulary: .vitrine)
            try AtomicFile.write(Array(text.utf8), to: options.config)
            let lines = ["Wrote \(options.config)."] + guess.notes.map { "  \($0)" } + Self.next
            return Outcome(
                code: .success, text: lines.joined(separator: "\n") + "\n",
                json: JSONDocument.bytes(Document(written: options.config, notes: guess.notes)))
        } catch {
            return .failure(RunStop(appError: error), Document(written: "", notes: []))
        }
    }

    private static let next = [
        "", "Next:", "  look at it, and put in your catalogue's id",
        "  mkdir -p landing-zone/data, and put the file into it", "  vitrine plan shop-catalog", "  export META_ACCESS_TOKEN=…",
        "  vitrine run shop-catalog",
    ]

    static func settings(_ guess: FeedGuess) -> String {
        let shape = guess.yamlLines.map { "    \($0)\n" }.joined()
        return """
            # Made by 'vitrine init'. Every key there is: docs/reference/settings.md
            pipelines:
              shop-catalog:
                kind: catalog-sync
                landing: ./landing-zone
                synced: ./synced-products
            \(shape)    catalog:
                  id: "1234567890"                            # yours, in quotes
                  graph_url: https://graph.facebook.com/v26.0
                  access_token: env:META_ACCESS_TOKEN
            telemetry:
              logs: {file: ./logs/vitrine.ndjson}
            state: ./state

            """
    }
}
