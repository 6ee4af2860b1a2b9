public import Events
public import Telemetry

/// The options every command has.
public struct CommonOptions: Sendable {
    public enum Output: String, Sendable, CaseIterable { case text, json, csv }

    public var config = "vitrine.yaml"
    public var output = Output.text
    public var resultFile: String?
    /// Of what goes to stderr. Nil: errors where a log file is configured or a progress line is drawn, else everything from `info`.
    public var logLevel: Level?
    public var noProgress = false
    /// What the libraries of this process report to; nil: nobody asks them.
    public var libraryMetrics: LibraryMetrics?

    public init() {}
}
