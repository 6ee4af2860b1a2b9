import Synchronization

/// What a scrape reads: the figures of a hub, in the format that was asked for. The parts that never change are made once for each set of series.
public final class Scrape: Sendable {
    private let hub: TelemetryHub
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var registry: MetricRegistry
        /// Which series of libraries there are.
        var libraryVersion: Int
        var text: PrometheusText
        var openMetrics: PrometheusText
        var protobuf: PrometheusProtobuf

        init(_ registry: MetricRegistry, _ snapshot: MetricSnapshot) {
            self.registry = registry
            libraryVersion = snapshot.library.version
            let families = snapshot.exposed
            text = PrometheusText(families: families)
            openMetrics = PrometheusText(families: families, dialect: .openMetrics)
            protobuf = PrometheusProtobuf(families: families)
        }
    }

    public init(of hub: TelemetryHub) {
        self.hub = hub
        let registry = hub.registry
        state = Mutex(State(registry, registry.snapshot()))
    }

    public func bytes(as format: ExpositionFormat) -> [UInt8] {
        let registry = hub.registry
        return state.withLock { state in
            let snapshot = registry.snapshot(native: format == .protobuf)
            if state.registry !== registry || state.libraryVersion != snapshot.library.version { state = State(registry, snapshot) }
            return switch format {
            case .text: state.text.render(snapshot)
            case .openMetrics, .openMetricsDraft: state.openMetrics.render(snapshot)
            case .protobuf: state.protobuf.render(snapshot)
            }
        }
    }
}
