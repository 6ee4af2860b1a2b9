public import Events

/// The figures that go along with a delivery.
public struct OTLPFigures: Sendable {
    let snapshot: MetricSnapshot
    /// When counters and histograms began at zero; nil: it is not told, since they go on from earlier processes.
    let created: Timestamp?

    public init(snapshot: MetricSnapshot, created: Timestamp?) {
        self.snapshot = snapshot
        self.created = created
    }

    /// As they are now.
    public init(of registry: MetricRegistry) { self.init(snapshot: registry.snapshot(), created: registry.created) }
}
