import CatalogSync
import Events
import Investigation
import Synchronization

/// Refusals by family over two weeks: bars of days, one colour a family, and the same as a table for who does not see them.
struct RefusalChart: Sendable {
    let id: String
    let pipeline: String
    let title: String
    let words: String
    let bars: [Bar]
    let labels: [Label]
    let key: [Family]
    let most: Int
    let days: [Day]

    struct Bar: Sendable {
        let x: Int
        let y: Int
        let width: Int
        let height: Int
        let tone: String
        let words: String
    }

    struct Label: Sendable {
        let x: Int
        let text: String
        let anchor: String
    }

    struct Family: Sendable {
        let name: String
        let total: Int
        let tone: String
    }

    struct Day: Sendable {
        let name: String
        let counts: [Int]
    }

    /// One colour: what a family came to, day by day.
    private struct Band {
        let family: String
        let counts: [Int]
    }

    static let dayCount = 14
    /// Families with a colour of their own; the others are one.
    private static let familyLimit = 5
    private static let width = 720, height = 110, top = 14

    /// Nil where nothing was refused.
    init?(_ history: FamilyHistory, pipeline: String, zone: ZoneRules) {
        var families = history.series.prefix(Self.familyLimit).map { Band(family: $0.family, counts: $0.counts) }
        let rest = history.series.dropFirst(Self.familyLimit)
        if !rest.isEmpty {
            families.append(Band(family: "others", counts: history.starts.indices.map { day in rest.reduce(0) { $0 + $1.counts[day] } }))
        }
        let totals = history.starts.indices.map { day in families.reduce(0) { $0 + $1.counts[day] } }
        guard let most = totals.max(), most > 0 else { return nil }
        id = "refusals-\(PercentEncoded.text(pipeline))"
        self.pipeline = Shown.line(pipeline)
        self.most = most
        title = "Refused by Meta in the last \(history.starts.count) days"
        let names = history.starts.map { zone.dayText($0) }
        words = families.map { "\(Shown.line($0.family, limit: 80)): \($0.counts.reduce(0, +))" }.joined(separator: "; ") + ". At most \(most) a day."
        key = families.enumerated().map { Family(name: Shown.line($1.family, limit: 80), total: $1.counts.reduce(0, +), tone: "s\($0)") }
        days = names.enumerated().map { day, name in Day(name: name, counts: families.map { $0.counts[day] }) }
        let step = Self.width / history.starts.count
        bars = names.indices.flatMap { day in Self.bars(of: day, families, names[day], most: most, step: step) }
        labels = [0, names.count / 2, names.count - 1].map { day in
            Label(x: day * step + step / 2, text: names[day], anchor: "middle")
        }
    }

    private static func bars(of day: Int, _ families: [Band], _ name: String, most: Int, step: Int) -> [Bar] {
        var bars: [Bar] = []
        var sum = 0
        for (index, family) in families.enumerated() where family.counts[day] > 0 {
            let low = sum * height / most
            sum += family.counts[day]
            let tall = max(2, sum * height / most - low)
            bars.append(
                Bar(
                    x: day * step + 3, y: top + height - low - tall, width: step - 6, height: tall, tone: "s\(index)",
                    words: "\(name): \(family.counts[day]) × \(Shown.line(family.family, limit: 80))"))
        }
        return bars
    }
}

/// The charts, made at most once a minute: each looks at the reports of two weeks.
final class RefusalCharts: Sendable {
    private let kept = Mutex<[String: (at: Timestamp, chart: RefusalChart?)]>([:])
    private static let lifetime = Duration.seconds(60)

    func chart(of pipeline: String, _ questions: Questions, now: Timestamp, zone: ZoneRules) throws -> RefusalChart? {
        if let known = kept.withLock({ $0[pipeline] }), now - known.at < Self.lifetime, now >= known.at { return known.chart }
        let history = try questions.refusals(pipeline: pipeline, from: Self.start(now, zone), to: Self.end(now, zone), spans: RefusalChart.dayCount)
        let chart = RefusalChart(history, pipeline: pipeline, zone: zone)
        kept.withLock { $0[pipeline] = (now, chart) }
        return chart
    }

    /// Days of the place, as far as they all have 24 hours.
    private static func end(_ now: Timestamp, _ zone: ZoneRules) -> Timestamp {
        let offset = zone.offset(at: now)
        let parts = (now + .seconds(offset)).parts
        return Timestamp(year: parts.year, month: parts.month, day: parts.day) + .seconds(86_400 - offset)
    }

    private static func start(_ now: Timestamp, _ zone: ZoneRules) -> Timestamp { end(now, zone) + .seconds(-86_400 * RefusalChart.dayCount) }
}
