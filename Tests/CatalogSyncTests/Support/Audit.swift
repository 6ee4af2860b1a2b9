import Engine
import Sandbox
import Testing

@testable import CatalogSync

/// Holds the books of one ended run against its receipts and against the rows that were really in its files: nothing is believed that the
/// run says of itself.
struct Audit {
    let bench: SyncBench
    let shop: Shop
    let label: String

    func check(_ report: SyncReport) async throws {
        #expect(report.balanced && report.books.imbalances.isEmpty, "\(label): \(report.text())")
        #expect(report.rows.pending == 0, "\(label): an ended run has pending rows\n\(report.text())")
        let record = try await bench.record(of: report)
        let receipts = try await bench.receipts(of: report)
        var ends: [Receipt.End: Int] = [:]
        for receipt in receipts { ends[receipt.end, default: 0] += 1 }
        let unchanged = try await bench.sync().unchanged(bench.folder(of: report), record)
        var refusedRows = 0
        var rowCount = 0
        for facts in record.validation?.files ?? [] {
            let file = try #require(shop.file(facts.name), "\(label): \(facts.name)")
            rowCount += file.rows.count
            #expect(file.isRefused == (facts.refusal != nil), "\(label): \(facts.name)")
            if file.isRefused {
                refusedRows += file.rows.count
                continue
            }
            let ours = receipts.filter { $0.file == facts.name }
            let places = ours.map(\.row) + unchanged.filter { $0.file == facts.name }.flatMap(\.rows)
            #expect(places.sorted() == file.rows.indices.map { $0 + 2 }, "\(label): not every row of \(facts.name) has one end")
            for receipt in ours { try check(receipt, of: file) }
        }
        let names = Set((record.validation?.files ?? []).map(\.name))
        #expect(receipts.allSatisfy { names.contains($0.file) }, "\(label): a receipt of a file that was not taken")
        #expect(report.rows.read == rowCount, "\(label): rows read")
        #expect(report.rows.rejected == refusedRows + ends[.rejected, default: 0], "\(label): rejected\n\(report.text())")
        #expect(report.rows.superseded == ends[.superseded, default: 0], "\(label): superseded")
        #expect(report.items.accepted == ends[.accepted, default: 0], "\(label): accepted")
        #expect(report.items.refused == ends[.refused, default: 0], "\(label): refused")
        #expect(report.items.unknown == ends[.unknown, default: 0], "\(label): unknown")
        // A row that changes nothing leaves a receipt only where the product was marked as rejected, else its place.
        let places = unchanged.reduce(0) { $0 + $1.count }
        #expect(report.rows.unchanged == places + ends[.unchanged, default: 0], "\(label): unchanged\n\(report.text())")
        #expect(report.refusals.reduce(0) { $0 + $1.count } == report.items.refused, "\(label): refusals")
    }

    private func check(_ receipt: Receipt, of file: FeedFile) throws {
        let row = try #require(file[line: receipt.row], "\(label): \(file.name) has no line \(receipt.row)")
        #expect((row.flaw == nil) == (receipt.end != .rejected), "\(label): \(file.name):\(receipt.row) is \(receipt.end)")
        if row.flaw == nil { #expect(receipt.subject == row.id, "\(label): \(file.name):\(receipt.row)") }
        #expect((receipt.end == .superseded) == (receipt.newer != nil), "\(label): \(file.name):\(receipt.row)")
    }

    /// What the ledger calls accepted is what the catalogue really holds, and it is the newest valid row.
    func checkLedger() throws {
        let catalogue = bench.sandbox.catalog()
        for (id, newest) in shop.newest {
            let subject = try #require(try bench.subject(id), "\(label): the ledger does not know \(id)")
            guard subject.acceptedContent != nil else {
                #expect(subject.state != .accepted, "\(label): \(id) is accepted without a content")
                continue
            }
            #expect(subject.state == .accepted || subject.state == .rejected, "\(label): \(id) is \(subject.state) with an accepted content")
            #expect(catalogue[id]?["title"] == newest.row.title, "\(label): \(id) is called accepted, but the catalogue holds another content")
            let sent = subject.sentFile.flatMap { shop.file($0) }?[line: subject.sentRow ?? 0]
            #expect(sent?.title == newest.row.title, "\(label): \(id) is called accepted for another row than the newest")
        }
    }
}
