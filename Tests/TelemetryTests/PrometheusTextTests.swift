import Events
import Foundation
import Telemetry
import TestKit
import Testing

@Suite struct PrometheusTextTests {
    private static func sample() -> String {
        let registry = MetricRegistry(givenValues)
        registry.apply(.init(.add, .items, 41, LabelValue(.outcome, "refused")), pipeline: "shop")
        registry.apply(.init(.add, .ruleFindings, 2, LabelValue(.rule, "T01"), LabelValue(.severity, "hold")), pipeline: "shop")
        registry.set(.lastSuccess, 1_763_712_000.25, pipeline: "shop")
        for value in [0.2, 3, 3, 9_000] { registry.apply(.init(.observe, .handleLatency, value), pipeline: "shop") }
        return String(decoding: PrometheusText.render(registry.snapshot()), as: UTF8.self)
    }

    private let lines = sample().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)

    @Test("counters, gauges and histograms are written as the format asks")
    func golden() {
        #expect(lines.contains(#"vitrine_items_total{pipeline="shop",outcome="refused"} 41"#))
        #expect(lines.contains(#"vitrine_rule_findings_total{pipeline="shop",rule="T01",severity="hold"} 2"#))
        #expect(lines.contains(#"vitrine_last_success_timestamp_seconds{pipeline="shop"} 1763712000.25"#))
        #expect(lines.contains(#"vitrine_build_info{version="1.0.0"} 1"#))
        let latency = lines.filter { $0.contains("handle_latency") && !$0.contains("a\\\"b") }
        #expect(
            latency == [
                "# HELP vitrine_handle_latency_seconds Time from a handle's receipt to its final verdict.",
                "# TYPE vitrine_handle_latency_seconds histogram",
                #"vitrine_handle_latency_seconds_bucket{pipeline="shop",le="0.5"} 1"#,
                #"vitrine_handle_latency_seconds_bucket{pipeline="shop",le="1"} 1"#,
                #"vitrine_handle_latency_seconds_bucket{pipeline="shop",le="2"} 1"#,
                #"vitrine_handle_latency_seconds_bucket{pipeline="shop",le="5"} 3"#,
                #"vitrine_handle_latency_seconds_bucket{pipeline="shop",le="10"} 3"#,
                #"vitrine_handle_latency_seconds_bucket{pipeline="shop",le="30"} 3"#,
                #"vitrine_handle_latency_seconds_bucket{pipeline="shop",le="60"} 3"#,
                #"vitrine_handle_latency_seconds_bucket{pipeline="shop",le="120"} 3"#,
                #"vitrine_handle_latency_seconds_bucket{pipeline="shop",le="300"} 3"#,
                #"vitrine_handle_latency_seconds_bucket{pipeline="shop",le="600"} 3"#,
                #"vitrine_handle_latency_seconds_bucket{pipeline="shop",le="1800"} 3"#,
                #"vitrine_handle_latency_seconds_bucket{pipeline="shop",le="+Inf"} 4"#,
                #"vitrine_handle_latency_seconds_sum{pipeline="shop"} 9006.2"#,
                #"vitrine_handle_latency_seconds_count{pipeline="shop"} 4"#,
            ])
    }

    @Test("label values are escaped")
    func escaping() { #expect(lines.contains(#"vitrine_handle_errors_total{pipeline="a\"b\\c"} 0"#)) }

    @Test("a family stands together, once, in order of name, with its HELP and TYPE in front")
    func families() {
        let helps = lines.filter { $0.hasPrefix("# HELP ") }.map { $0.split(separator: " ")[2] }
        #expect(helps == Set(helps).sorted())
        var current: Substring = ""
        for (place, line) in lines.enumerated() where !line.isEmpty {
            if line.hasPrefix("# HELP ") {
                current = line.split(separator: " ")[2]
                #expect(lines[place + 1].hasPrefix("# TYPE \(current) "))
            } else if !line.hasPrefix("#") {
                #expect(line.hasPrefix(current), "\(line) stands under \(current)")
            }
        }
    }

    @Test("no series is written twice")
    func duplicates() {
        let names = lines.filter { !$0.hasPrefix("#") && !$0.isEmpty }.map { $0[..<($0.lastIndex(of: " ") ?? $0.endIndex)] }
        #expect(Set(names).count == names.count)
    }

    @Test("buckets never fall, and +Inf is the count")
    func buckets() {
        var last = 0
        var series = 0
        for line in lines where !line.hasPrefix("#") {
            guard let value = line.split(separator: " ").last.flatMap({ Int($0) }) else { continue }
            if line.contains("_bucket{") {
                #expect(value >= last, "\(line)")
                last = value
            } else if line.contains("_seconds_count") {
                #expect(value == last, "\(line)")
                last = 0
                series += 1
            }
        }
        #expect(series > 10)
    }

    @Test("the last line ends with a line feed, and no line is blank")
    func lineEnds() {
        #expect(lines.last == "")
        #expect(!lines.dropLast().contains(""))
    }

    @Test("promtool finds no fault", .enabled(if: Judge.promtool.isHere))
    func promtool() async throws {
        let answer = try await Judge.promtool.run(["check", "metrics"], input: Data(Self.sample().utf8))
        #expect(answer.code == 0, "\(answer.output)")
    }
}
