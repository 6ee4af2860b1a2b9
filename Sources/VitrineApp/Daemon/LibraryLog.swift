import Events
import Logging

/// What libraries say through swift-log, as an event of ours: it has a line in every sink, is counted, and is looked through for secrets.
struct LibraryLog: LogHandler {
    let label: String
    let reporter: Reporter
    var logLevel = Logger.Level.warning
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, reporter: Reporter) {
        self.label = label
        self.reporter = reporter
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let failure = event.error.map { ["error=\($0)"] } ?? []
        reporter.report(
            DaemonEvent.librarySaid(library: label, Level(event.level), message: event.message.description, facts: (facts + failure).joined(separator: " ")))
    }
}

extension Logger {
    /// - Parameter label: who uses the library for what, such as `web`.
    init(label: String, to reporter: Reporter) { self.init(label: label) { LibraryLog(label: $0, reporter: reporter) } }
}

extension Level {
    /// Nearly all of it is of connections that strangers broke off, which must not be able to fill a log: seen at `debug`.
    fileprivate init(_ level: Logger.Level) {
        switch level {
        case .trace, .debug, .info, .notice, .warning, .error: self = .debug
        case .critical: self = .error
        }
    }
}
