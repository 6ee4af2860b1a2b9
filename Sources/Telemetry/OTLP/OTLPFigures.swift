/// The figures that go along with a delivery.
public struct OTLPFigures: Sendable {
    let snapshot: MetricSnapshot
    /// Whether it is told when counters and histograms began at zero. Not of those that go on from earlier processes.
    let tellsStart: Bool

    public init(snapshot: MetricSnapshot, tellsStart: Bool) {
        self.snapshot = snapshot
        self.tellsStart = tellsStart
    }

    /// As they are now.
    public init(of registry: MetricRegistry) { self.init(snapshot: registry.snapshot(), tellsStart: true) }
}
