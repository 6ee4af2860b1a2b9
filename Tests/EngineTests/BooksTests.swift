import Engine
import Testing

@Suite("The books")
struct BooksTests {
    /// 100 rows, one of each end at least; 50 items, every verdict.
    static var balanced: Books {
        var books = Books()
        books.rows.read = 100
        books.rows.rejected = 20
        books.rows.superseded = 10
        books.rows.unchanged = 9
        books.rows.held = 8
        books.rows.sent = 50
        books.rows.pending = 3
        books.items.sent = 50
        books.items.accepted = 40
        books.items.warned = 40
        books.items.refused = 6
        books.items.unknown = 4
        return books
    }

    @Test("balance where every row and every item has its end, and in a run without rows")
    func balance() {
        #expect(Self.balanced.imbalances == [] && Self.balanced.balanced && Self.balanced.unaccountedRows == 0)
        #expect(Books().balanced)
    }

    struct Slip: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout Books) -> Void
        let imbalances: [String]
        let unaccounted: Int
    }

    static let rows = "rows read, but 20 rejected + 10 superseded + 9 unchanged + 8 held"

    static let slips = [
        Slip(
            testDescription: "a row read without an end", change: { $0.rows.read += 1 },
            imbalances: ["101 \(rows) + 50 sent + 3 pending = 100"], unaccounted: 1),
        Slip(
            testDescription: "a row with two ends", change: { $0.rows.pending += 2 },
            imbalances: ["100 \(rows) + 50 sent + 5 pending = 102"], unaccounted: 2),
        Slip(
            testDescription: "a row counted as sent that is no item",
            change: {
                $0.rows.sent += 1
                $0.rows.pending -= 1
            }, imbalances: ["51 rows sent, but 50 items sent"], unaccounted: 1),
        Slip(
            testDescription: "an item without a verdict", change: { $0.items.unknown -= 1 },
            imbalances: ["50 items sent, but 40 accepted + 6 refused + 3 unknown = 49"], unaccounted: 1),
        Slip(
            testDescription: "an item with two verdicts", change: { $0.items.refused += 1 },
            imbalances: ["50 items sent, but 40 accepted + 7 refused + 4 unknown = 51"], unaccounted: 1),
        Slip(
            testDescription: "more warned than accepted", change: { $0.items.warned += 1 }, imbalances: ["41 warned, more than 40 accepted"],
            unaccounted: 0),
        Slip(
            testDescription: "an item sent twice in the count", change: { $0.items.sent += 1 },
            imbalances: ["50 rows sent, but 51 items sent", "51 items sent, but 40 accepted + 6 refused + 4 unknown = 50"], unaccounted: 2),
    ]

    @Test("do not balance, and say where", arguments: slips)
    func imbalance(slip: Slip) {
        var books = Self.balanced
        slip.change(&books)
        #expect(books.imbalances == slip.imbalances)
        #expect(!books.balanced)
        #expect(books.unaccountedRows == slip.unaccounted)
    }

    @Test("notice a slip in any single number, up or down", arguments: [1, -1])
    func everyNumber(step: Int) {
        let rows: [WritableKeyPath<Books.Rows, Int>] = [\.read, \.rejected, \.superseded, \.unchanged, \.held, \.sent, \.pending]
        let items: [WritableKeyPath<Books.Items, Int>] = [\.sent, \.accepted, \.refused, \.unknown]
        for number in rows {
            var books = Self.balanced
            books.rows[keyPath: number] += step
            #expect(!books.balanced && books.unaccountedRows > 0)
        }
        for number in items {
            var books = Self.balanced
            books.items[keyPath: number] += step
            #expect(!books.balanced && books.unaccountedRows > 0)
        }
    }
}
