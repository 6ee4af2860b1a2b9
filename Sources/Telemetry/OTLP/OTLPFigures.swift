public import Events

/// The figures that go along with a delivery.
public struct OTLPFigures: Sendable {
    public let snapshot: MetricSnapshot
    /// When counters and histograms began at zero; nil: it is not told, since they go on from earlier processes.
    let created: Timestamp?
    /// When they were so; nil: when they are sent. Totals that several processes tell have to say it: the receiver puts them in order by it.
    let time: Timestamp?

    public init(snapshot: MetricSnapshot, created: Timestamp?, at time: Timestamp? = nil) {
        self.snapshot = snapshot
        self.created = created
        self.time = time
    }

    /// As they are now.
    public init(of registry: MetricRegistry) { self.init(snapshot: registry.snapshot(), created: registry.created) }
}
