import Engine
import Events

/// A report as its page shows it. Every text from outside has been through `Shown`.
public struct ReportView: Sendable {
    let pipeline: String
    let runID: String
    let state: String
    let tone: String
    let sentence: String
    let started: TimeView
    let ended: TimeView?
    let took: String
    let failure: FailureView?
    let figures: [FigureView]
    let refusedFiles: [RefusedFileView]
    let moreRefusedFiles: String?
    let sections: [RemedySection]
    let rowBooks: BooksView
    let itemBooks: BooksView
    let balance: String
    let balanceTone: String
    let delivery: [FigureView]
    let settled: [SettledView]
    let hasSettled: Bool
    let hasRefusedFiles: Bool

    /// Files refused as a whole, told one by one.
    private static let fileLimit = 50

    public init(_ report: SyncReport, _ presentation: Presentation) {
        let zone = presentation.zone
        pipeline = Shown.line(report.pipeline)
        runID = Shown.line(report.runID)
        state = report.state.inWords
        tone = report.tone
        sentence = report.inWords
        started = TimeView(report.startedAt, zone)
        ended = report.endedAt.map { TimeView($0, zone) }
        took = Words.duration(report.durationSeconds)
        failure = report.error.map(FailureView.init)
        figures = FigureView.verdicts(of: report)
        refusedFiles = report.refusedFiles.prefix(Self.fileLimit).map(RefusedFileView.init)
        hasRefusedFiles = !refusedFiles.isEmpty
        let more = report.refusedFiles.count - refusedFiles.count
        moreRefusedFiles = more > 0 ? "And \(more) more: see rejected/\(runID)/" : nil
        sections = RemedySection.all(of: report, presentation)
        rowBooks = BooksView(rows: report.rows)
        itemBooks = BooksView(items: report.items)
        let imbalances = report.books.imbalances
        balance = report.balanced && imbalances.isEmpty
            ? "The books balance: every row has exactly one end." : "BOOKS DO NOT BALANCE: \(imbalances.joined(separator: "; "))"
        balanceTone = report.balanced && imbalances.isEmpty ? "good" : "bad"
        delivery = FigureView.delivery(of: report)
        settled = report.settled.map(SettledView.init)
        hasSettled = !settled.isEmpty
    }
}

extension SyncReport {
    /// A class of the style sheet.
    public var tone: String {
        if !balanced { return "bad" }
        return switch state {
        case .done, .nothingToDo: "good"
        case .doneWithErrors, .held: "warn"
        case .validationFailed, .failed: "bad"
        case .running, .planned: "quiet"
        }
    }
}

struct FailureView: Sendable {
    let culprit: String
    let details: [String]
    let remedy: [WordPart]

    init(_ failure: SyncReport.Failure) {
        culprit = Shown.line(failure.culprit)
        details = failure.detail.split(separator: "\n").prefix(30).map { Shown.line(String($0), limit: 1000) }
        remedy = WordPart.parts(of: Shown.line(failure.remedy, limit: 1000))
    }
}

struct RefusedFileView: Sendable {
    let file: String
    let line: String?
    let rule: String
    let message: String
    let remedy: [WordPart]

    init(_ refused: SyncReport.RefusedFile) {
        file = Shown.line(refused.file)
        line = refused.line > 0 ? "line \(refused.line)" : nil
        rule = Shown.line(refused.rule)
        message = Shown.line(refused.message)
        remedy = WordPart.parts(of: Shown.line(refused.remedy))
    }
}

/// A number with its name.
struct FigureView: Sendable {
    let name: String
    let value: String
    let tone: String

    init(_ name: String, _ value: Int, tone: String = "") {
        self.name = name
        self.value = Words.grouped(value)
        self.tone = value == 0 ? "" : tone
    }

    static func verdicts(of report: SyncReport) -> [FigureView] {
        if report.state == .planned { return [.init("would be sent", report.rows.pending), .init("would be stopped", report.rows.rejected, tone: "warn")] }
        var figures = [
            FigureView("accepted by Meta", report.items.accepted, tone: "good"), FigureView("refused by Meta", report.items.refused, tone: "bad"),
            FigureView("stopped by our checks", report.rows.rejected, tone: "warn"),
        ]
        if report.items.unknown > 0 { figures.append(.init("without a verdict", report.items.unknown, tone: "warn")) }
        if report.rows.held > 0 { figures.append(.init("held", report.rows.held, tone: "warn")) }
        if report.rows.pending > 0 { figures.append(.init("not sent yet", report.rows.pending, tone: "warn")) }
        return figures
    }

    static func delivery(of report: SyncReport) -> [FigureView] {
        if let estimate = report.estimate { return [.init("batches", report.batches.prepared), .init("calls to Meta, about", estimate.calls)] }
        return [
            .init("files found", report.files.found), .init("files taken", report.files.taken), .init("files refused", report.files.rejected),
            .init("files archived", report.files.archived), .init("batches cut", report.batches.prepared), .init("batches with a handle", report.batches.sent),
            .init("batches without a handle", report.batches.failed), .init("requests", report.requests.sent), .init("of them repeated", report.requests.retried),
            .init("handles finished", report.handles.finished), .init("handles failed", report.handles.failed), .init("handles timed out", report.handles.timedOut),
        ]
    }
}

/// One sum of the books: the parts, and what they come to.
struct BooksView: Sendable {
    struct Part: Sendable {
        let name: String
        let gloss: String
        let count: String
    }

    let caption: String
    let parts: [Part]
    let total: String
    let sum: String

    init(rows: Books.Rows) {
        caption = "Rows: what became of every line of the files"
        total = "rows read"
        sum = Words.grouped(rows.read)
        parts = [
            Part("rejected", "stopped by our checks, or part of a refused file", rows.rejected, isKept: true),
            Part("superseded", "a newer row of the same product counts", rows.superseded),
            Part("unchanged", "as Meta has judged it last", rows.unchanged),
            Part("held", "waits for a person", rows.held), Part("sent", "became a product for Meta", rows.sent, isKept: true),
            Part("pending", "not sent yet", rows.pending),
        ].compactMap(\.self)
    }

    init(items: Books.Items) {
        caption = "Products sent: what Meta said of them"
        total = "products sent"
        sum = Words.grouped(items.sent)
        let warned = items.warned > 0 ? "\(Words.grouped(items.warned)) of them with a warning" : "in the catalogue"
        parts = [
            Part("accepted", warned, items.accepted, isKept: true), Part("refused", "not taken by Meta", items.refused, isKept: true),
            Part("unknown", "no verdict came", items.unknown, isKept: true),
        ].compactMap(\.self)
    }
}

extension BooksView.Part {
    /// Nil for a part that is nothing and that nobody looks for.
    fileprivate init?(_ name: String, _ gloss: String, _ count: Int, isKept: Bool = false) {
        guard count != 0 || isKept else { return nil }
        self.init(name: name, gloss: gloss, count: Words.grouped(count))
    }
}

struct SettledView: Sendable {
    let runID: String
    let state: String
    let words: String

    init(_ settled: SyncReport.Settled) {
        runID = Shown.line(settled.runID)
        state = settled.state.inWords
        let items = settled.items
        words = "\(Words.products(items.sent)) sent: \(items.accepted) accepted, \(items.refused) refused, \(items.unknown) unknown"
    }
}
