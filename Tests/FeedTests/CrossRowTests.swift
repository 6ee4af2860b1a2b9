import Testing

@testable import Feed

@Suite("What rows say of each other")
struct CrossRowTests {
    /// Rows made of the good one; unlike in everything unless the changes say so.
    private func rows(_ list: [[String: String]]) -> String {
        let extra = Set(list.flatMap(\.keys)).subtracting(goodRow.keys).sorted()
        let columns = requiredHeader.split(separator: ",").map(String.init) + extra
        var text = columns.joined(separator: ",") + "\n"
        for (number, changes) in list.enumerated() {
            let own = [
                "id": "sku-\(number)", "title": "Lamp \(number)", "link": "https://shop.krd/p/\(number)", "image_link": "https://cdn.shop.krd/\(number).jpg",
            ]
            text += columns.map { quoted(changes[$0] ?? own[$0] ?? goodRow[$0] ?? "") }.joined(separator: ",") + "\n"
        }
        return text
    }

    private func findings(_ texts: [String], _ adjust: (inout FeedOptions) -> Void = { _ in }) async throws -> FindingTally {
        var options = FeedOptions()
        adjust(&options)
        var scans: [FileScan] = []
        for (number, text) in texts.enumerated() {
            scans.append(try await FeedScanner(options: options).scan(MemoryByteSource(text), name: "\(number).csv", workers: 2))
        }
        let sources = texts.map { MemoryByteSource($0) }
        return try await resolve(scans, sources: sources, options: options, workers: 2).tally
    }

    private func places(_ tally: FindingTally, _ rule: RuleID) -> [String] {
        (tally.entries.first { $0.rule == rule }?.examples ?? []).map { "\($0.file):\($0.row) \($0.productID) \($0.value)" }
    }

    @Test("unlike rows say nothing") func nothing() async throws {
        #expect(try await findings([rows(Array(repeating: [:], count: 300))]).isEmpty)
    }

    @Test(
        "I09 finds ids that differ in case, blanks or leading zeros",
        arguments: [("a1", "A1", true), ("007", "7", true), ("a b", "ab", true), ("a1", "a01", false), ("0", "00", true), ("ئا", "ئب", false)])
    func alike(_ one: String, _ other: String, _ isFound: Bool) async throws {
        let tally = try await findings([rows([["id": one], [:], ["id": other]])])
        #expect(places(tally, .i09) == (isFound ? ["0.csv:4 \(other) as line 2 (\(one)): \(other)"] : []))
    }

    @Test("across files both places are named") func files() async throws {
        let tally = try await findings([rows([["id": "x"], [:]]), rows([["title": "Oak"], ["id": "X", "title": "Elm"]])])
        #expect(places(tally, .i09) == ["1.csv:3 X as line 2 of 0.csv (x): X"])
    }

    @Test("T10 finds one title on several ids, but not within a group") func titles() async throws {
        let one = ["title": "Walnut lamp"]
        let tally = try await findings([
            rows([
                one, one.merging(["item_group_id": "G"]) { $1 }, one.merging(["item_group_id": "G"]) { $1 }, one.merging(["item_group_id": "H"]) { $1 },
            ])
        ])
        #expect(places(tally, .t10).map { String($0.prefix(12)) } == ["0.csv:3 sku-", "0.csv:5 sku-"])
        #expect(places(tally, .t10).first == "0.csv:3 sku-1 as line 2 (sku-0), 4 ids in all: Walnut lamp")
    }

    @Test("titles are compared as they are sent") func cleaned() async throws {
        let tally = try await findings([rows([["title": "Caf\u{E9} lamp"], ["title": "Cafe\u{301}  lamp"]])])
        #expect(tally.count(of: .t10) == 1)
    }

    @Test("L08 finds more ids on a link than may share it; ids with a group may") func links() async throws {
        let one = ["link": "https://shop.krd/"]
        let grouped = one.merging(["item_group_id": "G"]) { $1 }
        #expect(try await findings([rows([one, [:], one, one])]).count(of: .l08) == 2)
        #expect(try await findings([rows([one, [:], one, one])]) { $0.maxIDsPerLink = 3 }.count(of: .l08) == 0)
        #expect(try await findings([rows([one, grouped, grouped])]).count(of: .l08) == 0)
    }

    @Test("M06 finds one picture on many ids") func pictures() async throws {
        let one = ["image_link": "https://cdn.shop.krd/same.jpg"]
        #expect(try await findings([rows(Array(repeating: one, count: 20))]).count(of: .m06) == 0)
        let tally = try await findings([rows(Array(repeating: one, count: 21))])
        #expect(tally.count(of: .m06, severity: .info) == 20 && places(tally, .m06).count == FindingTally.exampleLimit)
    }

    @Test("R02 and R03 find rows that do not fit their group") func groups() async throws {
        let tally = try await findings([
            rows([
                ["item_group_id": "G", "color": "red", "size": "S"], ["item_group_id": "G", "color": "red", "size": ""],
                ["item_group_id": "G", "color": "blue", "size": "M", "brand": "Other"], ["item_group_id": "H", "color": "", "size": "M"],
            ])
        ])
        #expect(places(tally, .r02) == ["0.csv:3 sku-1 as line 2 (sku-0), 3 ids in all: G: fills color, not color, size"])
        #expect(places(tally, .r03) == ["0.csv:4 sku-2 as line 2 (sku-0), 3 ids in all: G"])
    }

    @Test("only rows that are sent are compared") func winners() async throws {
        let tally = try await findings([
            rows([["id": "a", "title": "Oak lamp"], ["id": "a", "title": "Oak lamp"], ["title": "Oak lamp", "price": "none"]])
        ])
        #expect(tally.entries.map(\.rule) == [.i07])
    }

    @Test("a rule that is off keeps no key and finds nothing", arguments: [RuleID.i09, .t10, .l08, .m06, .r02, .r03])
    func off(_ rule: RuleID) async throws {
        let same = ["title": "Oak", "link": "https://shop.krd/", "image_link": "https://a.krd/1.jpg", "item_group_id": ""]
        let list = [["id": "x"], ["id": "X"]].map { same.merging($0) { $1 } }
            + [["item_group_id": "G", "color": "red"], ["item_group_id": "G", "brand": "Else", "color": ""]]
        let on = try await findings([rows(list)]) { $0.maxIDsPerPicture = 1 }
        #expect(on.count(of: rule) == 1)
        let without = try await findings([rows(list)]) {
            $0.maxIDsPerPicture = 1
            $0.severities[rule] = .off
        }
        #expect(without.count(of: rule) == 0 && without.entries.map(\.count).reduce(0, +) == on.entries.map(\.count).reduce(0, +) - 1)
        var options = FeedOptions()
        for rule in [RuleID.i09, .t10, .l08, .m06, .r02, .r03] { options.severities[rule] = .off }
        #expect(try await scan(rows(list), options: options).rows.layout == .none)
    }

    @Test("none of them can stop a row") func warnsAtMost() async throws {
        let tally = try await findings([rows([["id": "x"], ["id": "X"]])]) { $0.severities[.i09] = .error }
        #expect(tally.count(of: .i09, severity: .warn) == 1)
    }

    @Test("what meets is what a plain comparison finds, and a fingerprint that lies is found out", arguments: UInt64(0)..<20)
    func twin(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let titles = (0..<120).map { _ in "Lamp \(Int.random(in: 0..<60, using: &random))" }
        let list = titles.map { ["title": $0] }
        var seen: Set<String> = []
        let expected = titles.filter { !seen.insert($0).inserted }.count
        #expect(try await findings([rows(list)]) { $0.blockBytes = 500 }.count(of: .t10) == expected)
        #expect(try await findings([rows([["title": "Oak"], ["title": "Elm"]])]) { $0.fingerprintBits = 0 }.isEmpty)
    }
}
