public import Engine
import Feed
import Settings
import Telemetry

/// The generated pages: made from the same declarations as the code, so that they cannot be wrong for long. A test compares them.
public enum ReferencePages {
    public static var all: [(path: String, text: String)] {
        [
            ("docs/reference/metrics.md", metricReferenceMarkdown()),
            ("docs/reference/log-events.md", logEventReferenceMarkdown(families: EventFamilies.all)),
            ("docs/reference/rules.md", ruleReferenceMarkdown()),
            ("docs/reference/settings.md", settingsReferenceMarkdown()),
            ("vitrine.example.yaml", exampleSettings),
        ]
    }
}

public struct ReferenceCommand: Sendable {
    private let folder: String

    public init(folder: String) { self.folder = folder }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, ["written": [String]()]) }

    public func execute() -> Outcome {
        do {
            for page in ReferencePages.all { try AtomicFile.write(Array(page.text.utf8), to: folder + "/" + page.path) }
            let names = ReferencePages.all.map(\.path)
            return Outcome(code: .success, text: names.map { $0 + "\n" }.joined(), json: JSONDocument.bytes(["written": names]))
        } catch {
            return .failure(RunStop(appError: error), ["written": [String]()])
        }
    }
}
