import CatalogSync
import Engine
import Events
import Investigation

/// The first page: health in a sentence, then a card for each pipeline, what is to be mended, and what ran.
struct OverviewView: Sendable {
    let heading: String
    let tone: String
    let pipelines: [PipelineCard]
    private(set) var remedies: [RemedyLine] = []
    private(set) var hasRemedies = false
    private(set) var moreRemedies: String?
    private(set) var allMended = false
    private(set) var charts: [RefusalChart] = []
    private(set) var runs: [RunLine] = []
    private(set) var hasRuns = false
    let hasManyPipelines: Bool

    static let runLimit = 12
    private static let remedyLimit = 10

    init(_ statuses: [PipelineStatus], _ source: StatusPageSource) {
        pipelines = statuses.map { PipelineCard($0, source.zone, now: source.now()) }
        hasManyPipelines = statuses.count > 1
        let unwell = statuses.filter { $0.health.level != .ok }
        let worst = unwell.map(\.health.level).max() ?? .ok
        tone = worst.tone
        if unwell.isEmpty {
            heading = statuses.count == 1 ? "All is well" : "All \(statuses.count) pipelines are well"
        } else if statuses.count == 1 {
            heading = worst == .critical ? "A person is needed" : "Something wants a look"
        } else {
            let verb = worst == .critical ? "a person" : "a look"
            heading = "\(unwell.count) of \(statuses.count) pipelines \(unwell.count == 1 ? "needs" : "need") \(verb)"
        }
    }

    mutating func add(remedies found: [(pipeline: String, group: RemedyGroup)]) {
        let sorted = found.sorted { $0.group.count > $1.group.count }
        remedies = sorted.prefix(Self.remedyLimit).map { RemedyLine($0.group, pipeline: $0.pipeline, namesPipeline: hasManyPipelines) }
        hasRemedies = !remedies.isEmpty
        allMended = remedies.isEmpty
        let rest = sorted.dropFirst(Self.remedyLimit)
        moreRemedies = rest.isEmpty ? nil : "And \(rest.reduce(0) { $0 + $1.group.count }) more with \(rest.count) other causes."
    }

    mutating func add(runs found: [SyncReport], _ zone: ZoneRules) {
        runs = found.map { RunLine($0, zone) }
        hasRuns = !runs.isEmpty
    }

    mutating func add(charts found: [RefusalChart]) { charts = found }
}

extension Health.Level {
    /// A class of the style sheet.
    var tone: String {
        switch self {
        case .ok: "good"
        case .warning: "warn"
        case .critical: "bad"
        }
    }
}

/// How one pipeline stands.
struct PipelineCard: Sendable {
    let name: String
    let badge: String
    let tone: String
    let sentence: String
    let problems: [Problem]
    let facts: [Fact]
    let counts: [ProductCount]
    let hasProducts: Bool

    struct Problem: Sendable {
        let text: String
        let remedy: String
        let tone: String
    }

    struct Fact: Sendable {
        let name: String
        let time: TimeView?
        let words: String
        let link: String?
    }

    struct ProductCount: Sendable {
        let count: Int
        let words: String
        let tone: String
        let link: String
    }

    init(_ status: PipelineStatus, _ zone: ZoneRules, now: Timestamp) {
        name = Shown.line(status.pipeline)
        tone = status.lastRun == nil ? "quiet" : status.health.level.tone
        badge = Self.badge(status)
        problems = status.health.problems.prefix(5).map { .init(text: Shown.line($0.text).capitalizedFirst + ".", remedy: Shown.line($0.remedy), tone: $0.level.tone) }
        sentence = problems.isEmpty ? "The last run went well." : ""
        var facts: [Fact] = []
        if let run = status.lastRun {
            facts.append(Fact(name: "Last run", time: TimeView(run.startedAt, zone), words: "\(Ago.words(run.startedAt, now)), \(run.state.inWords)", link: "/runs/\(PercentEncoded.text(run.runID))"))
        }
        if let success = status.lastSuccess { facts.append(Fact(name: "Last success", time: TimeView(success, zone), words: Ago.words(success, now), link: nil)) }
        if let next = status.nextScheduled { facts.append(Fact(name: "Next run", time: TimeView(next, zone), words: Ago.words(next, now), link: nil)) }
        if let landing = status.landing {
            let oldest = landing.oldest.map { ", the oldest written \(Ago.words($0, now))" } ?? ""
            facts.append(Fact(name: "Waiting", time: nil, words: landing.files == 0 ? "no file" : "\(landing.files) \(landing.files == 1 ? "file" : "files")\(oldest)", link: nil))
        }
        self.facts = facts
        let products = status.products
        let link = "/products?pipeline=\(PercentEncoded.text(status.pipeline))&state="
        counts = [
            .init(count: products.accepted, words: "live", tone: "good", link: link + "accepted"),
            .init(count: products.refused, words: "refused by Meta", tone: products.refused > 0 ? "bad" : "", link: link + "refused"),
            .init(count: products.rejected, words: "stopped by our checks", tone: products.rejected > 0 ? "warn" : "", link: link + "rejected"),
            .init(count: products.unknown, words: "without a verdict", tone: products.unknown > 0 ? "warn" : "", link: link + "unknown"),
        ].filter { $0.count > 0 || $0.words != "without a verdict" }
        hasProducts = products.accepted + products.refused + products.rejected + products.unknown > 0
    }

    private static func badge(_ status: PipelineStatus) -> String {
        if status.lastRun == nil { return "has not run yet" }
        if status.paused != nil { return "paused" }
        return switch status.health.level {
        case .ok: "well"
        case .warning: "wants a look"
        case .critical: "needs a person"
        }
    }
}

/// `12 min ago`, `in 40 min`
enum Ago {
    static func words(_ time: Timestamp, _ now: Timestamp) -> String {
        let seconds = Int((now - time) / .seconds(1))
        let length = span(abs(seconds))
        if abs(seconds) < 60 { return seconds >= 0 ? "just now" : "in a moment" }
        return seconds >= 0 ? "\(length) ago" : "in \(length)"
    }

    private static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<5_400: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// Products with one thing to do about them: `112 × No brand`.
struct RemedyLine: Sendable {
    let count: String
    let title: String
    let action: [WordPart]
    let whose: String
    let tone: String
    let pipeline: String?
    let link: String

    init(_ group: RemedyGroup, pipeline: String, namesPipeline: Bool) {
        count = String(group.count)
        title = Shown.line(group.remedy.title, limit: 120)
        action = WordPart.parts(of: group.remedy.action)
        whose = group.state.inWords
        tone = group.state.tone
        self.pipeline = namesPipeline ? Shown.line(pipeline) : nil
        let cause = group.remedy.cause.map { "&remedy=\(PercentEncoded.text($0))" } ?? ""
        link = "/products?pipeline=\(PercentEncoded.text(pipeline))&state=\(group.state.rawValue)\(cause)"
    }
}

extension SubjectState {
    var inWords: String {
        switch self {
        case .accepted: "live"
        case .refused: "refused by Meta"
        case .rejected: "stopped by our checks"
        case .unknown: "without a verdict"
        }
    }

    var tone: String {
        switch self {
        case .accepted: "good"
        case .refused: "bad"
        case .rejected, .unknown: "warn"
        }
    }
}
