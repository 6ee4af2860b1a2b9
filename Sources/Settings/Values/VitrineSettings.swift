/// Everything `vitrine.yaml` says, checked and with its defaults filled in. Plain values: the composition root makes the running parts of
/// them.
public struct VitrineSettings: Sendable, Equatable {
    /// The file the settings came from, as it was named.
    public var file: String
    /// In the order of the file; at least one, with different names, landing zones and catalogues.
    public var pipelines: [PipelineSettings]
    public var alerts: AlertSettings
    public var telemetry: TelemetrySettings
    public var aws: AWSSettings
    /// Of ledger, incidents and outbox: a folder, or `s3://BUCKET/PREFIX`.
    public var state: String
    /// A name of the zone database, not looked up yet.
    public var timeZone: String
    /// Where it stands in the file.
    public var timeZoneLine: Int
}

public struct AWSSettings: Sendable, Equatable {
    public var region: String?
}
