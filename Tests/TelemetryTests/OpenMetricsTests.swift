import Events
import Foundation
import Telemetry
import TestKit
import Testing

@Suite("OpenMetrics 1.0")
struct OpenMetricsTests {
    private struct Judgement: Decodable {
        struct Exemplar: Decodable {
            let series: String
            let labels: [String: String]
            let value: Double
            let time: Double
        }
        let samples: [String: Double]
        let created: [String: Double]
        let exemplars: [Exemplar]
        /// Name to type and unit.
        let families: [String: [String]]
    }

    private func judge(_ bytes: [UInt8]) async throws -> Judgement {
        let answer = try await Judge.python.run([Judge.script("openmetrics.py")], input: Data(bytes))
        try #require(answer.code == 0, "\(answer.output)")
        return try JSONDecoder().decode(Judgement.self, from: Data(answer.output.utf8))
    }

    @Test("prometheus-client's strict parser reads the numbers of the text, start times and exemplars", .enabled(if: Judge.python.isHere))
    func strict() async throws {
        let scrape = Scrape(of: busyHub())
        let said = try await judge(scrape.bytes(as: .openMetrics))
        let text = ExpositionText(String(decoding: scrape.bytes(as: .text), as: UTF8.self))
        #expect(text.problems == [])
        #expect(said.samples == text.samples && said.samples.count > 300)
        #expect(scrape.bytes(as: .openMetricsDraft) == scrape.bytes(as: .openMetrics))

        #expect(said.families["vitrine_items"] == ["counter", ""] && said.families["vitrine_handle_latency_seconds"] == ["histogram", "seconds"])
        #expect(said.families["vitrine_quota_used_ratio"] == ["gauge", "ratio"] && said.families["vitrine_build"] == ["info", ""])
        #expect(said.families["vitrine_last_success_timestamp_seconds"] == ["gauge", "seconds"])
        #expect(said.created[#"vitrine_items_created{pipeline="shop",outcome="refused"}"#] == 1_795_247_700.123)
        let counting = text.types.filter { $0.value != "gauge" }.keys
        let series = said.samples.keys.filter { key in counting.contains { key.hasPrefix($0 + "{") || key == $0 || key.hasPrefix($0 + "_count") } }
        #expect(said.created.count == series.count)

        let exemplar = try #require(said.exemplars.first { $0.series == #"vitrine_handle_latency_seconds_bucket{pipeline="shop",le="1"}"# })
        #expect(exemplar.value == 1 && exemplar.time == 1_795_247_700.623)
        #expect(exemplar.labels["trace_id"]?.wholeMatch(of: #/[0-9a-f]{32}/#) != nil && exemplar.labels["span_id"] == "000000000000abcd")
        #expect(said.exemplars.contains { $0.series.hasPrefix("vitrine_items_total{") && $0.value > 0 })
    }

    @Test("without a time of beginning, and without a run, there are no start times and no exemplars", .enabled(if: Judge.python.isHere))
    func bare() async throws {
        let registry = MetricRegistry(givenValues)
        registry.apply(.init(.add, .handleErrors, 3), pipeline: "shop")
        let said = try await judge(Scrape(of: TelemetryHub(registry: registry, outputs: [], clock: { noon })).bytes(as: .openMetrics))
        #expect(said.created.isEmpty && said.exemplars.isEmpty)
        #expect(said.samples[#"vitrine_handle_errors_total{pipeline="shop"}"#] == 3)
    }

    @Test("ends with EOF and one line feed, has no blank line, and no family stands in two places")
    func shape() {
        let text = String(decoding: Scrape(of: busyHub()).bytes(as: .openMetrics), as: UTF8.self)
        #expect(text.hasSuffix("\n# EOF\n") && !text.contains("\n\n"))
        let types = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
        #expect(types.count == Set(types).count && types.count == MetricName.allCases.count)
        #expect(text.contains(#"le="0.5"} "#) && text.contains(#"le="1800.0"} "#) && !text.contains(#"le="1800"}"#))
    }

    @Test("exemplars go along when settings are read anew, and the newest one counts")
    func renewed() {
        let hub = busyHub()
        hub.receive(RunProbe.changed(.init(.add, .handleErrors, 77)), in: RunProbe.scope)
        var values = givenValues
        values.pipelines.append("annex")
        hub.renew(values, scan: CredentialScan())
        let text = String(decoding: Scrape(of: hub).bytes(as: .openMetrics), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix(#"vitrine_handle_errors_total{pipeline="shop"}"#) }
        #expect(line?.contains(#""} 77 1795247700.623"#) == true, "\(String(describing: line))")
    }
}
