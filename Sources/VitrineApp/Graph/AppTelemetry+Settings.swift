import Engine
import Events
import Glibc
import Gzip
import ObjectStore
import Settings
import Telemetry

extension AppTelemetry {
    /// The sinks that the settings and the command line ask for.
    /// - Throws: `LogFileError`, `StoreError` where the log file cannot be written.
    init(
        _ loaded: LoadedSettings, _ options: CommonOptions, secrets: [Secret], progress: ProgressView? = nil, cloudWatch: CloudWatchTelemetry? = nil,
        otlp: OTLPExporter? = nil, clock: @escaping @Sendable () -> Timestamp
    ) throws {
        var sinks = Options()
        let logs = loaded.settings.telemetry.logs
        if let file = logs.file {
            let path = loaded.path(file)
            try FolderStore.makeFolders(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ".")
            sinks.file = try FileLineSink(path: path, turnover: .init(
                size: logs.rotateSize, age: logs.rotateAge, keep: logs.rotateKeep, clock: clock, pack: { try? gzip($0) }))
        }
        sinks.fileLevel = Level(name: logs.level) ?? .info
        sinks.stderrIsTerminal = isatty(STDERR_FILENO) == 1
        // With a progress line, or a file that keeps them, lines in between are for whoever asks for them.
        sinks.stderrLevel = options.logLevel ?? (progress != nil || logs.file != nil ? .error : .info)
        sinks.secrets = secrets
        sinks.progress = progress
        sinks.cloudWatch = cloudWatch
        sinks.otlp = otlp
        sinks.libraryMetrics = options.libraryMetrics
        self.init(GivenLabelValues(loaded.settings), options: sinks, clock: clock)
    }
}

extension AppTelemetry {
    /// The series and the secrets of other settings, or of secrets that were fetched since. Those of earlier ones stay.
    func renew(for factory: PipelineFactory) { hub.renew(GivenLabelValues(factory.loaded.settings), scan: CredentialScan(secrets: factory.secrets())) }
}

extension AppTelemetry {
    /// - Throws: `LogFileError`, `StoreError` where the log file cannot be written.
    static func proveWritable(logFile path: String) throws {
        try FolderStore.makeFolders(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ".")
        _ = try FileLineSink(path: path)
    }
}
