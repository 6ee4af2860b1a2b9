import Events
import Telemetry
import TestKit
import Testing

@Suite("Prometheus protobuf")
struct ProtobufExpositionTests {
    /// A registry in which everything has moved a little, and each series differently.
    private static func hub(_ values: GivenLabelValues = givenValues) -> TelemetryHub {
        let registry = MetricRegistry(values)
        var number = 1.0
        for family in registry.families {
            for series in family.series where !(family.metric == .ruleFindings && series.labels.contains { $0.value == "hold" }) {
                let own = series.labels.filter { $0.name != .pipeline }
                let pipeline = series.labels.first { $0.name == .pipeline }?.value
                for _ in 0..<(family.declaration.kind == .histogram ? 3 : 1) {
                    number += 1
                    let change = Signal.MetricChange(family.declaration.kind.change, family.metric, number, own.first, own.dropFirst().first)
                    registry.apply(change, pipeline: pipeline)
                }
            }
        }
        registry.apply(.init(.add, .handleErrors, Double(1 << 52)), pipeline: "shop")
        registry.set(.lastSuccess, 1_763_712_000.25, pipeline: "shop")
        return TelemetryHub(registry: registry, outputs: [], clock: { noon })
    }

    /// The messages spelled as the text format spells them.
    private static func samples(_ bytes: [UInt8]) throws -> [String: Double] {
        var samples: [String: Double] = [:]
        for family in try ProtobufReader.delimited(bytes) {
            let name = try #require(family.text(1))
            for metric in try family.messages(4) {
                let labels = try metric.messages(1).map { "\($0.text(1) ?? "")=\"\(($0.text(2) ?? "").replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"" }
                func add(_ suffix: String, _ labels: [String], _ value: Double?) throws {
                    let series = name + suffix + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}")
                    #expect(samples.updateValue(try #require(value), forKey: series) == nil, "\(series) twice")
                }
                if let number = try (metric.messages(2) + metric.messages(3)).first { try add("", labels, number.number(1)) }
                guard let histogram = try metric.messages(7).first else { continue }
                for bucket in try histogram.messages(3) {
                    let bound = try #require(bucket.number(2))
                    let text = bound == .infinity ? "+Inf" : Int(exactly: bound).map(String.init) ?? bound.description
                    try add("_bucket", labels + ["le=\"\(text)\""], bucket.number(1))
                }
                try add("_sum", labels, histogram.number(2))
                try add("_count", labels, histogram.number(1))
            }
        }
        return samples
    }

    /// Either of the texts, in the spelling of 0.0.4 and without start times.
    private static func plain(_ bytes: [UInt8]) -> [String: Double] {
        let text = String(decoding: bytes, as: UTF8.self)
        var samples: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") && !line.contains("_created{") {
            let sample = line.firstRange(of: " # ").map { line[..<$0.lowerBound] } ?? line
            guard let space = sample.lastIndex(of: " ") else { continue }
            samples[String(sample[..<space]).replacing(#/(le="\d+)\.0"/#) { "\($0.1)\"" }] = Double(sample[sample.index(after: space)...])
        }
        return samples
    }

    @Test("has the same series with the same numbers as the text")
    func twins() throws {
        let scrape = Scrape(of: Self.hub())
        let text = ExpositionText(String(decoding: scrape.bytes(as: .text), as: UTF8.self))
        #expect(text.problems == [])
        #expect(text.samples.count > 300)
        #expect(try Self.samples(scrape.bytes(as: .protobuf)) == text.samples)
    }

    @Test("names, helps and types are those of the declarations")
    func families() throws {
        let families = try ProtobufReader.delimited(Scrape(of: Self.hub()).bytes(as: .protobuf))
        let kinds: [MetricDeclaration.Kind: Double] = [.counter: 0, .gauge: 1, .histogram: 4]
        #expect(families.compactMap { $0.text(1) } == MetricName.allCases.map(\.rawValue).sorted())
        for family in families {
            let metric = try #require(MetricName(rawValue: family.text(1) ?? ""))
            #expect(family.text(2) == metric.declaration.help)
            #expect(family.number(3) == kinds[metric.declaration.kind])
        }
    }

    @Test("a series that is hidden while it is zero is left out, and comes once it counts")
    func hidden() throws {
        let hub = TelemetryHub(registry: MetricRegistry(givenValues), outputs: [], clock: { noon })
        let scrape = Scrape(of: hub)
        let series = #"vitrine_rule_findings_total{pipeline="shop",rule="T01",severity="hold"}"#
        #expect(try Self.samples(scrape.bytes(as: .protobuf))[series] == nil)
        hub.registry.apply(.init(.add, .ruleFindings, 2, LabelValue(.rule, "T01"), LabelValue(.severity, "hold")), pipeline: "shop")
        #expect(try Self.samples(scrape.bytes(as: .protobuf))[series] == 2)
        #expect(try Self.samples(scrape.bytes(as: .protobuf)) == ExpositionText(String(decoding: scrape.bytes(as: .text), as: UTF8.self)).samples)
    }

    @Test("other settings: new pipelines have their series, the old ones go on, and no number falls")
    func renewed() throws {
        let hub = Self.hub()
        let scrape = Scrape(of: hub)
        let before = ExpositionText(String(decoding: scrape.bytes(as: .text), as: UTF8.self)).samples
        var values = givenValues
        values.pipelines.append("annex")
        hub.renew(values, scan: CredentialScan())
        for format in ExpositionFormat.allCases {
            let bytes = scrape.bytes(as: format)
            let after = format == .protobuf ? try Self.samples(bytes) : Self.plain(bytes)
            for (series, value) in before { #expect(after[series] == value, "\(series)") }
            #expect(after[#"vitrine_items_total{pipeline="annex",outcome="refused"}"#] == 0)
            #expect(after.count > before.count)
        }
        hub.receive(ProbeEvent.counted(.handleErrors, []), in: EventScope(pipeline: "annex"))
        #expect(hub.registry.snapshot().value(of: .handleErrors, pipeline: "annex") == .counter(1))
    }
}

@Suite("The check of the text format")
struct ExpositionTextTests {
    static let faults: [(text: String, says: String)] = [
        ("# TYPE a counter\na 1\na 2\n", "twice"), ("# TYPE a counter\na -1\n", "below zero"), ("# TYPE a counter\nb 1\n", "another family"),
        ("# TYPE a gauge\na 1", "line feed"), ("# TYPE a gauge\na x\n", "no value"), ("# hello\n", "stray"),
        ("# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# HELP a x\n", "two places"),
        ("# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"2\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_count 2\n", "fall"),
        ("# TYPE h histogram\nh_bucket{le=\"2\"} 1\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_count 1\n", "rise"),
        ("# TYPE h histogram\nh_bucket{x=\"y\",le=\"2\"} 1\nh_count{x=\"y\"} 1\n", "+Inf"),
        ("# TYPE h histogram\nh_bucket{x=\"y\",le=\"+Inf\"} 1\nh_count{x=\"y\"} 2\n", "count is not"),
    ]

    @Test("finds", arguments: faults)
    func finds(text: String, says: String) {
        let problems = ExpositionText(text).problems
        #expect(problems.contains { $0.contains(says) }, "\(problems)")
    }

    @Test("and takes what is right")
    func right() {
        let text = ExpositionText("# HELP h x\n# TYPE h histogram\nh_bucket{x=\"y\",le=\"1\"} 1\nh_bucket{x=\"y\",le=\"+Inf\"} 2\nh_sum{x=\"y\"} 3.5\nh_count{x=\"y\"} 2\n")
        #expect(text.problems == [])
        #expect(text.samples["h_sum{x=\"y\"}"] == 3.5)
    }
}
