
import Engine
import Events
import Foundation
import Investigation

@testable import CatalogSync
@testable import VitrineApp

/// Two shops with two weeks behind them, told straight to a ledger: what the status page shows without running anything. Seeded.
final class PageShop: Sendable {
    static let now = Timestamp(year: 2026, month: 11, day: 21, hour: 12, minute: 4)
    static let pipelines = ["online-shop", "baghdad-store"]
    /// In a script that reads from right to left, with a space and a slash in it.
    static let arabicID = "حقيبة-ظهر 12/أ"
    static let attack = "<script>alert(1)</script>\"\u{301} onfocus=alert(2) x=\"\u{301}"

    let folder: String
    let ledger: Ledger

    /// - Parameter products: of each pipeline.
    init(products: Int = 300, days: Int = 14) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "pages-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        ledger = try Ledger(folder: folder)
        for pipeline in Self.pipelines {
            for day in (0..<days).reversed() { try run(pipeline, day: day, products: products) }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var source: StatusPageSource {
        let ledger = ledger
        return StatusPageSource(
            pipelines: Self.pipelines, questions: { Questions(ledger: ledger) },
            status: { pipeline in
                var status = try Questions(ledger: ledger).status(pipeline: pipeline)
                status.nextScheduled = Self.now + .seconds(3360)
                status.health = HealthJudge(now: Self.now).judge(status)
                return status
            },
            presentation: { _ in Presentation(productLink: ProductLink("https://admin.shop.example/p/{id}")) }, now: { Self.now })
    }

    static func runID(_ pipeline: String, day: Int) -> String { "\(pipeline)-\(day)" }

    private func run(_ pipeline: String, day: Int, products: Int) throws {
        let started = Self.now + .seconds(-86_400 * day - 1800)
        let isFirst = day == 13
        let refused = day % 5 == 3 ? 0 : 1 + day * 7 % 6
        var report = SyncReport(runID: Self.runID(pipeline, day: day), pipeline: pipeline, state: .doneWithErrors, startedAt: started)
        report.endedAt = started + .seconds(95)
        report.durationSeconds = 95
        var receipts: [Receipt] = []
        for number in 0..<(isFirst ? products : 20) { receipts.append(receipt("SKU-\(1000 + number)", .accepted, number + 2, at: started)) }
        for number in 0..<refused {
            receipts.append(receipt(number == 0 && pipeline == "baghdad-store" ? Self.arabicID : "SKU-R\(number)", .refused, 400 + number, at: started))
        }
        if day == 0 {
            for number in 0..<112 { receipts.append(receipt("SKU-B\(number)", .rejected, 500 + number, at: started)) }
            receipts.append(receipt(Self.attack, .refused, 900, at: started))
        }
        report.rows.read = receipts.count + 200
        report.rows.unchanged = 200
        report.rows.rejected = receipts.count { $0.end == .rejected }
        report.rows.sent = receipts.count - report.rows.rejected
        report.items.sent = report.rows.sent
        report.items.accepted = receipts.count { $0.end == .accepted }
        report.items.refused = receipts.count { $0.end == .refused }
        if report.items.refused == 0 { report.state = .done }
        report.files.found = 1
        report.files.taken = 1
        report.refusals = Self.refusals(receipts)
        report.findings = Self.findings(receipts)
        let facts = RunFacts(
            runID: report.runID, pipeline: pipeline, state: report.state, startedAt: started, endedAt: started + .seconds(95), settings: "s",
            report: String(decoding: try report.json(), as: UTF8.self))
        try ledger.begin(facts, files: [], parcels: [ParcelFacts(name: "00001", handle: "AtRnU-XMu7x-XnAyDWNTS", items: 20, outcome: "finished", postedAt: started, endedAt: started + .seconds(60))])
        for start in stride(from: 0, to: receipts.count, by: 5_000) { try ledger.append(Array(receipts[start..<min(start + 5_000, receipts.count)]), of: facts) }
        try ledger.finish(facts)
    }

    private static let families = ["Invalid link", "Policy violation", "Invalid image"]

    private func receipt(_ id: String, _ end: Receipt.End, _ row: Int, at: Timestamp) -> Receipt {
        let family = Self.families[row % Self.families.count]
        return Receipt(
            subject: id, end: end, file: "exports/products-2026-11.csv", row: row, fileTime: at, content: Fingerprint(UInt64(row)), parcel: end == .rejected ? nil : "00001",
            handle: end == .rejected ? nil : "AtRnU-XMu7x-XnAyDWNTS", messages: end == .refused ? ["\(family): of this item (id=\(id))"] : end == .rejected ? ["brand '': Fill in the brand"] : [],
            rules: end == .rejected ? ["G01"] : [], cause: end == .refused ? family : end == .rejected ? "G01" : nil, at: at)
    }

    private static func refusals(_ receipts: [Receipt]) -> [SyncReport.Refusals] {
        Dictionary(grouping: receipts.filter { $0.end == .refused }, by: { $0.cause ?? "" }).sorted { $0.key < $1.key }.map { family, refused in
            SyncReport.Refusals(
                family: family, count: refused.count,
                examples: refused.prefix(5).map { .init(file: $0.file, row: $0.row, productID: $0.subject, message: $0.messages[0], original: original($0.subject, "link")) })
        }
    }

    private static func findings(_ receipts: [Receipt]) -> [FindingSummary] {
        let rejected = receipts.filter { $0.end == .rejected }
        guard !rejected.isEmpty else { return [] }
        let examples = rejected.prefix(5).map {
            FindingSummary.Example(file: $0.file, row: $0.row, productID: $0.subject, column: "brand", value: "", original: original($0.subject, "brand"))
        }
        return [FindingSummary(rule: "G01", severity: "error", count: rejected.count, examples: Array(examples))]
    }

    private static func original(_ id: String, _ blamed: String) -> QuotedRow {
        let values = [("id", id), ("title", "حقيبة ظهر من الكتان، لون أزرق"), ("link", "https://outlet.example/p/1"), ("brand", ""), ("price", "127000 IQD")]
        return QuotedRow(values.map { .init(column: $0.0, value: $0.1, blamed: $0.0 == blamed) }, telling: [0, 1])
    }
}
