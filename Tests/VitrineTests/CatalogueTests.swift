import Events
import Telemetry
import Testing
@testable import VitrineApp

/// What can be said in a log line or counted: one closed catalogue, and everything in it in use.
@Suite("The catalogue of events and metrics")
struct CatalogueTests {
    /// One example of one family, ready to be looked at.
    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        let signal: Signal
        let holdsSecret: Bool
        var testDescription: String { name }
    }

    static let examples = EventFamilies.all.flatMap { examples(of: $0) }

    private static func examples<Family: Event>(of family: Family.Type) -> [Example] {
        family.examples.map { event in
            var signal = Signal()
            event.describe(to: &signal)
            return Example(name: event.name.rawValue, signal: signal, holdsSecret: Self.holdsSecret(event))
        }
    }

    private static func holdsSecret(_ value: Any) -> Bool {
        value is Secret || Mirror(reflecting: value).children.contains { holdsSecret($0.value) }
    }

    @Test("every example fits the declarations of the metrics it changes", arguments: examples)
    func fits(example: Example) { #expect(example.signal.problems == []) }

    @Test("every example is taken by the registry that runs: no label value is missing there", arguments: examples)
    func taken(example: Example) {
        let registry = MetricRegistry(.vitrine(pipelines: ["shop"], channels: ["ops"]))
        for change in example.signal.changes {
            #expect(registry.apply(change, pipeline: "shop"), "\(example.name): \(change.metric.rawValue) \(change.labels.map(\.value))")
        }
    }

    @Test("every name of every family has an example")
    func complete() { #expect(eventNamesWithoutExample(in: EventFamilies.all) == []) }

    @Test("no two families use one name, and names are dotted lower case")
    func unique() {
        let names = EventFamilies.all.flatMap { Self.names(of: $0) }
        #expect(Dictionary(grouping: names, by: \.self).filter { $0.value.count > 1 }.keys.sorted() == [])
        for name in names { #expect(name.wholeMatch(of: #/[a-z_]+\.[a-z_]+/#) != nil, "\(name)") }
    }

    private static func names<Family: Event>(of family: Family.Type) -> [String] { Family.Name.allCases.map(\.rawValue) }

    /// Metrics that no event feeds, and who does.
    static let fedOtherwise: [MetricName: String] = [
        .buildInfo: "the registry sets it when it is made",
        .logLines: "the telemetry hub counts the lines it writes",
    ]

    @Test("every metric is fed by some event", arguments: MetricName.allCases)
    func fed(metric: MetricName) {
        let isFed = Self.examples.contains { $0.signal.changes.contains { $0.metric == metric } }
        if let who = Self.fedOtherwise[metric] {
            #expect(!isFed, "\(metric.rawValue) is fed by an event now: take it off the list (\(who))")
        } else {
            #expect(isFed, "\(metric.rawValue) is declared, documented, and always 0")
        }
    }

    @Test("what is fed otherwise is fed")
    func others() {
        let registry = MetricRegistry(.vitrine(pipelines: ["shop"]))
        let page = String(decoding: PrometheusText.render(registry.snapshot()), as: UTF8.self)
        #expect(page.contains("vitrine_build_info{version=\"\(Version.text)\"} 1\n"))
        #expect(page.contains("vitrine_log_lines_total{level=\"error\"} 0\n"))
        #expect(page.contains("vitrine_telemetry_dropped_total{sink=\"metrics\"} 0\n"))
    }

    @Test("a finding of a severity that the settings give a rule has its series before the first one")
    func severities() {
        let given: [GivenLabelValues.Rule] = [.init(id: "L05", severity: "error"), .init(id: "T03", severity: "off"), .init(id: "none", severity: "error")]
        let page = String(decoding: PrometheusText.render(MetricRegistry(.vitrine(pipelines: ["shop"], severities: given)).snapshot()), as: UTF8.self)
        #expect(page.contains(#"vitrine_rule_findings_total{pipeline="shop",rule="L05",severity="error"} 0"#))
        #expect(!page.contains("severity=\"off\"") && !page.contains("rule=\"none\""))
    }

    @Test("a closed label has values, each once")
    func labels() {
        for metric in MetricName.allCases {
            for label in metric.declaration.labels {
                if case .closed(let values) = label.values { #expect(Set(values).count == values.count && !values.isEmpty) }
            }
        }
    }

    @Test("no event can carry a secret, and no example looks as if it did", arguments: examples)
    func secrets(example: Example) {
        #expect(!example.holdsSecret)
        var encoder = LogLineEncoder()
        encoder.encode(example.signal, event: example.name, at: Timestamp(nanoseconds: 0), in: EventScope(), sequence: 1)
        #expect(!String(decoding: encoder.line, as: UTF8.self).contains("<secret>"))
    }

    @Test("the search for secrets would find one")
    func judge() {
        #expect(Self.holdsSecret(["a": (1, [Secret("x")] as [Secret]?)]))
        #expect(!Self.holdsSecret(["a": (1, ["x"] as [String]?)]))
    }
}
