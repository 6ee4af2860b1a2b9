import Events
import Telemetry
import Testing

@Suite struct ReferenceTests {
    @Test("the metric reference names every metric and every value of a closed label")
    func metrics() {
        let page = metricReferenceMarkdown()
        for metric in MetricName.allCases {
            #expect(page.contains("| `\(metric.rawValue)` | \(metric.declaration.kind.rawValue) |"))
            for case .closed(let values) in metric.declaration.labels.map(\.values) {
                for value in values { #expect(page.contains("`\(value)`")) }
            }
        }
    }

    @Test("the event reference shows level, fields, metrics and a line of each event")
    func events() {
        let page = logEventReferenceMarkdown(families: [ProbeEvent.self])
        let golden = """
            ## `probe.counted`

            - level: debug
            - says, for example: counted
            - fields: none
            - metrics: `vitrine_handle_errors_total`

            ```json
            {"time":"2026-11-21T08:00:00.000Z","level":"debug","event":"probe.counted","msg":"counted","pipeline":"shop-catalog","run_id":"20261121T080000Z-1a2b","seq":1}
            ```

            ## `probe.full`

            - level: warning
            - says, for example: Row 7 of stock.csv was refused by Meta
            - fields: `file`, `row`, `product_id`, `used_ratio`, `outcome`
            - metrics: none

            """
        #expect(page.contains(golden))
        #expect(eventNamesWithoutExample(in: [ProbeEvent.self]) == [])
    }
}
