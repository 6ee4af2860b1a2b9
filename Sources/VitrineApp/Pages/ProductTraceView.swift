import CatalogSync
import Engine
import Events
import Investigation

/// One product: how it stands, and everything that happened to it, in plain words.
struct ProductTraceView: Sendable {
    let id: String
    let traces: [ProductTrace]

    init(_ id: String, _ traces: [ProductTrace]) {
        self.id = Shown.line(id, limit: 120)
        self.traces = traces
    }
}

struct ProductTrace: Sendable {
    let pipeline: String
    let state: String
    let tone: String
    let since: TimeView?
    let place: Place?
    let title: String?
    let action: [WordPart]
    let hasAction: Bool
    let message: String?
    let shopLink: String?
    let events: [TraceEvent]

    struct Place: Sendable {
        let file: String
        let row: Int
    }

    init(_ id: String, pipeline: String, now: Product?, history: [HistoryEntry], _ presentation: Presentation) {
        self.pipeline = Shown.line(pipeline)
        state = now?.state.inWords ?? "not known any more"
        tone = now?.state.tone ?? "quiet"
        since = now.map { TimeView($0.since, presentation.zone) }
        place = now.map { Place(file: Shown.line($0.file), row: $0.row) }
        let isLive = now?.state == .accepted
        title = isLive ? nil : now.map { Shown.line($0.remedy.title, limit: 120) }
        action = isLive ? [] : WordPart.parts(of: now?.remedy.action ?? "")
        hasAction = !action.isEmpty
        message = now?.message.map { Shown.line($0, limit: 600) }
        shopLink = presentation.productLink?.address(of: id)
        events = history.map { TraceEvent($0, presentation.zone) }
    }
}

/// What one run did with one row of the product.
struct TraceEvent: Sendable {
    let at: TimeView
    let words: String
    let tone: String
    let file: String
    let row: Int
    let runID: String
    let runLink: String
    let notes: [String]
    let facts: [Fact]

    struct Fact: Sendable {
        let name: String
        let value: String
    }

    init(_ entry: HistoryEntry, _ zone: ZoneRules) {
        let receipt = entry.receipt
        at = TimeView(receipt.at, zone)
        words = Self.words(receipt)
        tone = Self.tone(receipt.end)
        file = Shown.line(receipt.file)
        row = receipt.row
        runID = Shown.line(entry.runID)
        runLink = "/runs/\(PercentEncoded.text(entry.runID))"
        notes = receipt.messages.map { Shown.line($0, limit: 600) }
        var facts: [Fact] = []
        if let newer = receipt.newer { facts.append(Fact(name: "the newer row", value: Shown.line(newer))) }
        if let version = receipt.version { facts.append(Fact(name: "version", value: Shown.line(version))) }
        if !receipt.rules.isEmpty { facts.append(Fact(name: receipt.rules.count == 1 ? "rule" : "rules", value: Shown.line(receipt.rules.joined(separator: ", ")))) }
        if let posted = entry.postedAt { facts.append(Fact(name: "sent", value: zone.text(posted))) }
        if let ended = entry.endedAt { facts.append(Fact(name: "verdict", value: zone.text(ended))) }
        if let parcel = receipt.parcel { facts.append(Fact(name: "batch", value: Shown.line(parcel))) }
        if let handle = receipt.handle { facts.append(Fact(name: "handle", value: Shown.line(handle, limit: 120))) }
        self.facts = facts
    }

    private static func words(_ receipt: Receipt) -> String {
        switch receipt.end {
        case .accepted: receipt.warned ? "Meta accepted it, with a warning" : "Meta accepted it"
        case .refused: "Meta refused it"
        case .rejected: "Our checks stopped the row; it was not sent"
        case .superseded: "A newer row of this product counted instead"
        case .unchanged: "Nothing had changed; it was not sent again"
        case .held: "The row was held for a person"
        case .pending: "The row was not sent yet"
        case .unknown: "It was sent, and no verdict came"
        }
    }

    private static func tone(_ end: Receipt.End) -> String {
        switch end {
        case .accepted: "good"
        case .refused: "bad"
        case .rejected, .unknown, .held: "warn"
        case .superseded, .unchanged, .pending: "quiet"
        }
    }
}
