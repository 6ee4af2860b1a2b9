import Testing

@testable import Feed

@Suite("A required field that is no good is never sent")
struct IncompleteItemTests {
    /// What is wrong, and the rules that are turned down so that nothing but B05 is left to stop the row.
    static let cases: [(changes: [String: String], turnedDown: [RuleID], column: String)] = [
        (["id": ""], [.i01], "id"), (["title": ""], [.t01], "title"), (["description": " "], [.d01], "description"),
        (["availability": ""], [.v01], "availability"), (["availability": "maybe"], [.v02], "availability"),
        (["condition": ""], [.c01], "condition"), (["condition": "shiny"], [.c02], "condition"),
        (["price": ""], [.p01], "price"), (["price": "call us"], [.p02], "price"), (["price": "9.99"], [.p03], "price"),
        (["price": "1,299 USD"], [.p09], "price"), (["price": "-5 USD"], [.p07], "price"),
        (["link": ""], [.l01], "link"), (["link": "/p/1"], [.l02], "link"), (["link": "https://shop..krd/"], [.l02], "link"),
        (["image_link": ""], [.m01], "image_link"), (["image_link": "1.jpg"], [.m02], "image_link"),
        (["image_link": "https://a.krd/1 2.jpg"], [.m02], "image_link"), (["brand": ""], [.g01], "brand"),
    ]

    @Test("even if its own rule only warns or is off", arguments: cases.indices, [Severity.off, .info, .warn])
    func refused(_ index: Int, _ severity: Severity) async throws {
        let test = Self.cases[index]
        var options = FeedOptions()
        for rule in test.turnedDown { options.severities[rule] = severity }
        let (row, _) = try await firstRow(file(test.changes), options: options)
        #expect(row.isRejected)
        #expect(row.findings.filter { $0.severity >= .error }.map(\.rule) == [.b05], "\(row.findings)")
        #expect(row.findings.first { $0.rule == .b05 }?.column == test.column)
    }

    @Test("and B05 is silent where another rule has said it") func silent() async throws {
        let (row, _) = try await firstRow(file(["price": "", "title": ""]))
        #expect(row.findings.map(\.rule) == [.t01, .p01])
    }

    @Test("B05 itself cannot be turned down") func forced() async throws {
        var options = FeedOptions()
        options.severities = [.t01: .off, .b05: .off]
        let found = try await scan(file(["title": ""]), options: options)
        #expect(found.rejectedCount == 1)
    }

    @Test("an address with a blank is encoded where L04 only warns") func blank() async throws {
        var options = FeedOptions()
        options.severities[.l04] = .warn
        let (_, item) = try await firstRow(file(["link": "https://shop.krd/a b"]), options: options)
        #expect(item.contains(#""link":"https://shop.krd/a%20b""#))
    }
}
