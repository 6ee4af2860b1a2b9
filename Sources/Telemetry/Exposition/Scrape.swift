import Synchronization

/// What a scrape reads: the figures of a hub, in the format that was asked for. The parts that never change are made once for each registry.
public final class Scrape: Sendable {
    private let hub: TelemetryHub
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var registry: MetricRegistry
        var text: PrometheusText
        var openMetrics: PrometheusText
        var protobuf: PrometheusProtobuf

        init(_ registry: MetricRegistry) {
            self.registry = registry
            text = PrometheusText(families: registry.families)
            openMetrics = PrometheusText(families: registry.families, dialect: .openMetrics, created: registry.created)
            protobuf = PrometheusProtobuf(families: registry.families, created: registry.created)
        }
    }

    public init(of hub: TelemetryHub) {
        self.hub = hub
        state = Mutex(State(hub.registry))
    }

    public func bytes(as format: ExpositionFormat) -> [UInt8] {
        let registry = hub.registry
        return state.withLock { state in
            if state.registry !== registry { state = State(registry) }
            let snapshot = registry.snapshot(native: format == .protobuf)
            return switch format {
            case .text: state.text.render(snapshot)
            case .openMetrics, .openMetricsDraft: state.openMetrics.render(snapshot)
            case .protobuf: state.protobuf.render(snapshot)
            }
        }
    }
}
