import Events
import Telemetry
import Testing

@Suite("Figures that outlive a process")
struct MetricFiguresTests {
    private static func registry(errors: Double, latency: [Double] = []) -> MetricRegistry {
        let registry = MetricRegistry(givenValues)
        registry.apply(.init(.add, .handleErrors, errors), pipeline: "shop")
        for value in latency { registry.apply(.init(.observe, .handleLatency, value), pipeline: "shop") }
        registry.set(.lastSuccess, 12.5, pipeline: "shop")
        return registry
    }

    @Test("two equal runs add up, buckets and sums too")
    func addUp() throws {
        let first = Self.registry(errors: 3, latency: [0.2, 7]).snapshot()
        let increments = first.increments(since: nil)
        #expect(increments[#"vitrine_handle_errors_total{pipeline="shop"}"#] == 3)
        #expect(increments[#"vitrine_handle_latency_seconds{pipeline="shop",le="0.5"}"#] == 1)
        #expect(increments.keys.allSatisfy { !$0.contains("last_success") }, "gauges are not added")
        let totals = increments.merging(Self.registry(errors: 3, latency: [0.2, 7]).snapshot().increments(since: nil)) { $0 + $1 }
        let shown = MetricRegistry(givenValues).snapshot().replacing(totals)
        #expect(shown.value(of: .handleErrors, pipeline: "shop") == .counter(6))
        guard case .histogram(let histogram)? = shown.value(of: .handleLatency, pipeline: "shop") else { throw Missing() }
        #expect(histogram.count == 4)
        #expect(abs(histogram.sum - 14.4) < 1e-9)
    }

    private struct Missing: Error {}

    @Test("what was kept once is not kept again")
    func since() {
        let registry = Self.registry(errors: 3)
        let first = registry.snapshot()
        #expect(registry.snapshot().increments(since: first) == [:])
        registry.apply(.init(.add, .handleErrors, 2), pipeline: "shop")
        #expect(registry.snapshot().increments(since: first) == [#"vitrine_handle_errors_total{pipeline="shop"}"#: 2])
    }

    @Test("a gauge that is set to zero is set")
    func zero() {
        let registry = Self.registry(errors: 0)
        registry.set(.unresolvedItems, 0, pipeline: "shop")
        let gauges = registry.extended(with: GivenLabelValues(pipelines: ["annex"])).snapshot().gauges(of: ["shop"])
        #expect(gauges[#"vitrine_unresolved_items{pipeline="shop"}"#] == 0 && gauges.count == 2)
    }

    @Test("gauges of the pipelines that are asked for, and no others")
    func gauges() {
        let gauges = Self.registry(errors: 0).snapshot().gauges(of: ["shop"])
        #expect(gauges[#"vitrine_last_success_timestamp_seconds{pipeline="shop"}"#] == 12.5.bitPattern)
        #expect(gauges.keys.allSatisfy { $0.contains(#"pipeline="shop""#) })
        #expect(gauges.count == 1, "what nobody has set says nothing, though it is shown as zero: \(gauges.keys)")
    }
}
