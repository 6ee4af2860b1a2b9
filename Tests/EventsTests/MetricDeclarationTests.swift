import Events
import Testing

@Suite struct MetricDeclarationTests {
    @Test("names, kinds, labels and buckets keep the rules of Prometheus", arguments: MetricName.allCases)
    func wellFormed(metric: MetricName) {
        let declaration = metric.declaration
        #expect(metric.rawValue.hasPrefix("vitrine_"))
        #expect(metric.rawValue.hasSuffix("_total") == (declaration.kind == .counter))
        #expect(declaration.buckets.isEmpty == (declaration.kind != .histogram))
        #expect(declaration.buckets == Set(declaration.buckets).sorted())
        #expect(declaration.labels.count <= MetricDeclaration.maximumLabels)
        #expect(!declaration.labelNames.contains(.pipeline))
        #expect(declaration.help.hasSuffix(".") && !declaration.help.contains("\n"))
        for case .closed(let values) in declaration.labels.map(\.values) { #expect(Set(values).count == values.count && !values.isEmpty) }
    }
}
