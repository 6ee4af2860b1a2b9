import Testing

@testable import Feed

@Suite("Prices in dinar, as shops in Iraq write them")
struct DinarGuessTests {
    private static let header = "id,title,description,link,image_link,availability,price,brand,condition,product_type"

    private static func text(_ prices: [String]) -> String {
        header + "\n" + prices.enumerated().map { #"\#($0),Lamp,A lamp.,https://a.krd/\#($0),https://a.krd/1.jpg,in stock,"\#($1)",N,new,Home"# + "\n" }.joined()
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let prices: [String]
        let format: NumberFormat
        let read: [String]
        var testDescription: String { prices.joined(separator: " and ") }
    }

    @Test(
        "a mark before three digits parts thousands",
        arguments: [
            Case(prices: ["25.000 د.ع", "7.500 د.ع"], format: .comma, read: ["25000 IQD", "7500 IQD"]),
            Case(prices: ["25.000 IQD", "1.250.000 IQD"], format: .comma, read: ["25000 IQD", "1250000 IQD"]),
            Case(prices: ["IQD 25,000", "750"], format: .point, read: ["25000 IQD", "750 IQD"]),
            Case(prices: ["٢٥٫٠٠٠ د.ع"], format: .comma, read: ["25000 IQD"]),
            Case(prices: ["٢٥٬٠٠٠ د.ع", "25 000 د.ع"], format: .undecided, read: ["25000 IQD", "25000 IQD"]),
            Case(prices: ["25.000 دينار", "25,000.00 دينار"], format: .undecided, read: []),
        ])
    func dinar(_ row: Case) async throws {
        let text = Self.text(row.prices)
        let guess = guessFeed(Array(text.utf8))
        #expect(guess.numberFormat == row.format, "\(guess.notes)")
        guard !row.read.isEmpty else { return }
        var options = guess.applied(to: FeedOptions())
        options.defaults.currency = "IQD"
        let found = try await scan(text, options: options)
        #expect(found.rejectedCount == 0, "\(found.tally.entries)")
        var reader = RowReader(scan: found, source: MemoryByteSource(text), options: options)
        for (number, price) in row.read.enumerated() {
            var item: [UInt8] = []
            let encoded = try reader.encode(number, into: &item)
            #expect(String(decoding: item, as: UTF8.self).contains("\"price\":\"\(price)\""))
            #expect(encoded.traits.amount.map { ItemTraits.text(amount: $0, currency: encoded.traits.currency ?? "") } == price)
        }
    }

    @Test("what is remembered of an item: price in minor units, availability, and a likeness that a group has not")
    func traits() async throws {
        let header = Self.header + ",item_group_id"
        let rows = [
            #"a,Lamp,A lamp.,https://a.krd/1,https://a.krd/1.jpg,in stock,12.5 USD,N,new,Home,"#,
            #"b,Lamp,"Another, ""price"":""1 USD""",https://a.krd/1,https://a.krd/2.jpg,out of stock,1250 JPY,N,new,Home,"#,
            #"c,Lamp,A lamp.,https://a.krd/1,https://a.krd/1.jpg,in stock,1.234 KWD,N,new,Home,G"#,
            #"d,Lamp 2,A lamp.,https://a.krd/1,https://a.krd/1.jpg,in stock,0.50 USD,N,new,Home,"#,
        ]
        let text = header + "\n" + rows.joined(separator: "\n") + "\n"
        var options = FeedOptions()
        options.numberFormat = .point
        let found = try await scan(text, options: options)
        var reader = RowReader(scan: found, source: MemoryByteSource(text), options: options)
        var all: [ItemTraits] = []
        for number in rows.indices {
            var item: [UInt8] = []
            all.append(try reader.encode(number, into: &item).traits)
        }
        #expect(all.map(\.amount) == [1250, 1250, 1234, 50] && all.map(\.currency) == ["USD", "JPY", "KWD", "USD"])
        #expect(all.map(\.availability) == ["in stock", "out of stock", "in stock", "in stock"])
        #expect(all[0].likeness != nil && all[0].likeness == all[1].likeness && all[2].likeness == nil && all[3].likeness != all[0].likeness)
        #expect(zip(all, ["12.5 USD", "1250 JPY", "1.234 KWD", "0.5 USD"]).allSatisfy { ItemTraits.text(amount: $0.amount ?? 0, currency: $0.currency ?? "") == $1 })
    }
}
