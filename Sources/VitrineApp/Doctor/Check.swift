import Engine
import CatalogSync

/// What `doctor` looked at, and what it found.
struct Check: Sendable, Encodable {
    enum Level: String, Sendable, Encodable { case ok, warn, fail }

    /// A short stable word: `settings`, `state`, `landing`, …
    let name: String
    /// Null for what all pipelines share.
    @Present var pipeline: String?
    let level: Level
    /// What was found, in words; never a secret.
    let found: String
    /// What to do; empty where all is well.
    let remedy: String
    /// What a failure means for the exit code.
    let code: ExitCode

    enum CodingKeys: CodingKey { case name, pipeline, level, found, remedy }

    static func ok(_ name: String, _ found: String, of pipeline: String? = nil) -> Check {
        Check(name: name, pipeline: pipeline, level: .ok, found: found, remedy: "", code: .success)
    }

    /// It works, and a person should look at it.
    static func warn(_ name: String, _ found: String, _ remedy: String, of pipeline: String? = nil) -> Check {
        Check(name: name, pipeline: pipeline, level: .warn, found: found, remedy: remedy, code: .doneWithErrors)
    }

    static func fail(_ name: String, _ found: String, _ remedy: String, _ code: ExitCode, of pipeline: String? = nil) -> Check {
        Check(name: name, pipeline: pipeline, level: .fail, found: found, remedy: remedy, code: code)
    }

    static func fail(_ name: String, _ error: any Error, of pipeline: String? = nil) -> Check {
        let stop = RunStop(appError: error)
        return .fail(name, "\(stop.culprit): \(stop.detail)", stop.remedy, stop.code, of: pipeline)
    }
}
