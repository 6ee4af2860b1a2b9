import Alerting
import Foundation
import Investigation
import Testing

@testable import VitrineApp

/// What goes with the letter of the day, and what it says of that.
@Suite("Attachments of the digest")
struct DigestAttachmentTests {
    private static func products(_ count: Int) throws -> [Product] {
        let one = #"{"pipeline":"shop","state":"refused","since":"2026-11-21T08:00:00.000Z","message":"m","remedy":{"title":"t","action":"a"},"file":"a.csv","row":2,"run_id":"r","product_id":"SKU-"#
        return try (0..<count).map { try JSONDecoder().decode(Product.self, from: Data("\(one)\($0)\"}".utf8)) }
    }

    private static func page(_ bytes: Int) -> (runID: String, page: [UInt8]) { ("r1", [UInt8](repeating: 32, count: bytes)) }

    @Test("all of it fits: both are attached and named")
    func whole() throws {
        var attachments = DigestAttachments(pipelines: 1)
        attachments.add(pipeline: "shop", products: try Self.products(3), total: 3, report: Self.page(10))
        #expect(attachments.all.map(\.name) == ["shop-r1.html", "shop-not-live.csv"])
        #expect(attachments.sentences == ["Attached to the mail: the products that are not live, as a list for a spreadsheet, and the report of the last run."])
    }

    @Test("nothing is said of what is not attached")
    func none() throws {
        var attachments = DigestAttachments(pipelines: 1, most: 1_000)
        #expect(attachments.sentences == [])
        attachments.add(pipeline: "shop", products: [], total: 0, report: Self.page(501))
        #expect(attachments.all.isEmpty && attachments.sentences == ["The report of the last run is too large for a mail: vitrine report last"])
    }

    @Test("a list that is too long ends with a whole row and says how many are missing; all pipelines together keep the bound", arguments: [1, 3])
    func cut(pipelines: Int) throws {
        var attachments = DigestAttachments(pipelines: pipelines, most: 9_000)
        for number in 0..<pipelines { attachments.add(pipeline: "shop\(number)", products: try Self.products(200), total: 500, report: Self.page(500)) }
        #expect(attachments.all.count == 2 * pipelines && attachments.all.reduce(0) { $0 + $1.bytes.count } <= 9_000)
        let rows = String(decoding: attachments.all[1].bytes, as: UTF8.self).components(separatedBy: "\r\n").dropLast()
        let missing = 500 - (rows.count - 2)
        #expect(rows.last == "\(missing) more" && rows.dropFirst().dropLast().allSatisfy { $0.hasSuffix(",a.csv,2,r") } && rows.count > 10)
        #expect(attachments.sentences.contains { $0.hasPrefix("\(missing * pipelines) more products are not live") })
    }
}
