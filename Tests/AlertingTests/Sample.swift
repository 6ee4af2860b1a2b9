import Events
@testable import Alerting

/// An incident from its opening to its end, as the book tells it.
enum Sample {
    static let policy: AlertPolicy = {
        var rule = AlertRule(
            name: "many-refused", trigger: .figure("items_refused", above: .share(0.05, of: "items_sent"), atLeast: 20), severity: .critical,
            channels: ["ops"])
        rule.runbook = "https://wiki.shop.example/refused?a=1&b=2"
        return AlertPolicy(rules: [rule], dashboard: "https://grafana.shop.example/d/vitrine")
    }()

    static let story = story(at: .noon)

    /// - Parameter base: when it opens; it is over two hours later.
    static func story(at base: Timestamp) -> [AlertNotice] {
        var book = IncidentBook()
        func run(_ number: Int, _ state: RunFacts.State, refused: Double) -> RunFacts {
            let small = ErrorFamily.Example(
                file: "2026/stock.csv", row: 12, subject: "SKU-0042", message: "Image 12 is too small: حذاء رياضي <b>500 × 500</b>", batch: "00001",
                handle: "AbCdEf")
            let price = ErrorFamily.Example(file: "2026/stock.csv", row: 97, subject: "SKU-0777", message: "Price is missing")
            let families = refused == 0 ? [] : [
                ErrorFamily(key: ErrorFamily.key(of: "Image 12 is too small"), count: Int(refused) - 9, examples: [small]),
                ErrorFamily(key: ErrorFamily.key(of: "Price is missing"), count: 9, examples: [price]),
            ]
            return RunFacts(
                pipeline: "متجر بغداد", runID: "20261121T\(10 + number)0000Z-3fa4c1", state: state, endedAt: base + .seconds((number - 2) * 3600),
                figures: ["items_refused": refused, "items_sent": 200, "rows_read": 200], families: families,
                explanation: refused == 0 ? nil : "\(Int(refused)) of 200 items are not live. Mend the pictures and the prices, then drop the file again.",
                commands: refused == 0 ? [] : ["vitrine report 20261121T\(10 + number)0000Z-3fa4c1", "vitrine products --state refused"])
        }
        let runs = [run(1, .done, refused: 0), run(2, .doneWithErrors, refused: 30), run(3, .doneWithErrors, refused: 80), run(4, .done, refused: 0)]
        return runs.flatMap { book.observe($0, facts: nil, policy: policy, at: $0.endedAt).notices }
    }
}
