public import Events

/// The figures that go along with a delivery.
public struct OTLPFigures: Sendable {
    public let snapshot: MetricSnapshot
    /// Whether it is told when counters and histograms began at zero. Not of those that go on from earlier processes.
    let tellsStart: Bool
    /// When they were so; nil: when they are sent. Totals that several processes tell have to say it: the receiver puts them in order by it.
    let time: Timestamp?

    public init(snapshot: MetricSnapshot, tellsStart: Bool, at time: Timestamp? = nil) {
        self.snapshot = snapshot
        self.tellsStart = tellsStart
        self.time = time
    }

    /// As they are now.
    public init(of registry: MetricRegistry) { self.init(snapshot: registry.snapshot(), tellsStart: true) }
}
