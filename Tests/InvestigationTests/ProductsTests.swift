import CatalogSync
import Engine
import Events
import Foundation
import Testing

@testable import Investigation

@Suite("Which products are not live")
struct ProductsTests {
    private func shop(_ body: (Questions) throws -> Void) throws {
        try withLedger { ledger in
            try ledger.take(1, [
                receipt("a", .accepted, at: time(1)), receipt("b", .refused, row: 3, message: "Invalid link: b", cause: "Invalid link", at: time(1)),
                receipt("c", .rejected, row: 4, message: "brand '': no brand", cause: "G01", at: time(1)), receipt("d", .unknown, row: 5, at: time(1)),
                receipt("e", .rejected, row: 6, message: "price '': no price", cause: "P01", at: time(1)),
            ])
            try ledger.take(2, [receipt("b", .refused, row: 9, message: "Invalid link: b again", cause: "Invalid link", at: time(2))])
            try ledger.take(3, [receipt("z", .refused, message: "other shop", at: time(3))], pipeline: "other")
            try body(Questions(ledger: ledger))
        }
    }

    @Test("each is told with its state, since when, why, the newest row, and what to do")
    func whole() throws {
        try shop { questions in
            let page = try questions.products(SubjectQuery(pipeline: "shop", states: SubjectState.notLive, limit: 10))
            #expect(page.products.map(\.productID) == ["b", "c", "e", "d"], "by state, then by id")
            #expect(page.total == 4 && page.next == nil)
            let refused = try #require(page.products.first)
            #expect(refused.state == .refused && refused.since == time(1), "refused again: since the first time")
            #expect(refused.message == "Invalid link: b again" && refused.row == 9 && refused.runID == "run-2" && refused.file == "f.csv")
            #expect(refused.remedy.title == "Invalid link" && refused.remedy.action.contains("verified"))
            #expect(try questions.product("c", pipeline: "shop")?.remedy == Remedy.of(.rejected, cause: "G01"))
            #expect(try questions.product("z", pipeline: "shop") == nil)
        }
    }

    @Test("no product is left out or told twice, whatever the size of a page", arguments: 1...5)
    func paging(size: Int) throws {
        try shop { questions in
            var query = SubjectQuery(pipeline: "shop", states: Set(SubjectState.allCases), limit: size)
            var found: [String] = []
            var totals: [Int?] = []
            while true {
                let page = try questions.products(query)
                #expect(page.products.count <= size)
                found += page.products.map(\.productID)
                totals.append(page.total)
                guard let next = page.next else { break }
                query.after = SubjectCursor(text: next.text)
                #expect(query.after == next)
            }
            #expect(found == ["a", "b", "c", "e", "d"])
            #expect(totals.first == .some(5) && totals.dropFirst().allSatisfy { $0 == nil })
        }
    }

    @Test("they are found by a part of their id or message, whatever the case, and a percent sign is no wildcard", arguments: [
        ("LINK", ["b"]), ("no ", ["c", "e"]), ("e", ["e"]), ("%", []), ("no brand", ["c"]), ("", ["b", "c", "e", "d"]),
    ])
    func search(text: String, ids: [String]) throws {
        try shop { questions in
            let found = try questions.products(SubjectQuery(pipeline: "shop", states: [.refused, .rejected, .unknown], text: text, limit: 10))
            #expect(found.products.map(\.productID) == ids)
            #expect(text.isEmpty == (found.total != nil))
        }
    }

    @Test("they are grouped by remedy, the most frequent first, and each group can be listed")
    func remedies() throws {
        try withLedger { ledger in
            try ledger.take(1, (1...3).map { receipt("n\($0)", .rejected, cause: "G01") } + [receipt("p", .rejected, cause: "P01"), receipt("u", .unknown)])
            let questions = Questions(ledger: ledger)
            let groups = try questions.remedies(pipeline: "shop")
            #expect(groups.map(\.count) == [3, 1, 1] && groups.map(\.example) == ["n1", "p", "u"])
            #expect(groups.first?.remedy == Remedy.of(.rejected, cause: "G01"))
            #expect(try questions.products(SubjectQuery(pipeline: "shop", states: [.rejected], cause: "G01", limit: 2)).total == 3)
            // Mended: the group shrinks.
            try ledger.take(2, [receipt("n1", .accepted, at: time(2))])
            #expect(try questions.remedies(pipeline: "shop").first?.count == 2)
            #expect(try questions.product("n1", pipeline: "shop")?.remedy.cause == nil)
        }
    }

    @Test("every rule that stops rows, and every cause without a rule, has a remedy in words", arguments: [
        (SubjectState.rejected, "G01"), (.rejected, "gone"), (.rejected, nil), (.refused, "Invalid link"), (.refused, "A required field is missing: brand"),
        (.refused, "Something new"), (.refused, nil), (.unknown, nil), (.accepted, nil),
    ] as [(SubjectState, String?)])
    func remedy(state: SubjectState, cause: String?) {
        let remedy = Remedy.of(state, cause: cause)
        #expect(!remedy.title.isEmpty && !remedy.action.isEmpty)
        if cause == "A required field is missing: brand" { #expect(remedy.title == "No brand" && remedy.action == "Fill in the column brand.") }
    }

    @Test("a sheet is read as UTF-8, and nothing in it is run as a formula", arguments: [
        ("plain", "plain"), ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-2", "'-2"), ("@cmd", "'@cmd"), ("  =x", "'  =x"), ("\t=x", "\"'\t=x\""),
        ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("two\nlines", "\"two\nlines\""), ("قميص", "قميص"), ("＝x", "'＝x"), ("", ""),
    ])
    func sheet(field: String, cell: String) {
        var sheet = SpreadsheetCSV(header: ["h"])
        sheet.append([field, "end"])
        #expect(String(decoding: sheet.bytes, as: UTF8.self) == "\u{FEFF}h\r\n\(cell),end\r\n")
    }
}
