import GRDB

/// Numbers of names, remembered for the length of one transaction.
struct LedgerWords {
    private let database: Database
    private var numbers: [ExactText: Int64] = [:]
    private var texts: [Int64: String] = [:]

    /// Names remembered.
    private static let most = 10_000

    init(_ database: Database) { self.database = database }

    /// The number of a name, given to it where it has none.
    mutating func number(_ text: String) throws -> Int64 {
        if let known = try numberIfAny(text) { return known }
        let insert = try Prepared(database, "INSERT INTO word (text) VALUES (?)")
        insert.bind(1, text)
        try insert.run()
        return remember(text, database.lastInsertedRowID)
    }

    mutating func numberIfAny(_ text: String) throws -> Int64? {
        if let known = numbers[ExactText(text)] { return known }
        let select = try Prepared(database, "SELECT word_no FROM word WHERE text = ?")
        select.bind(1, text)
        var found: Int64?
        try select.forEachRow { found = $0.integer(0) }
        return found.map { remember(text, $0) }
    }

    mutating func text(_ number: Int64) throws -> String {
        if let known = texts[number] { return known }
        let select = try Prepared(database, "SELECT text FROM word WHERE word_no = ?")
        select.bind(1, number)
        var found = ""
        try select.forEachRow { found = $0.text(0) }
        _ = remember(found, number)
        return found
    }

    private mutating func remember(_ text: String, _ number: Int64) -> Int64 {
        if numbers.count < Self.most {
            numbers[ExactText(text)] = number
            texts[number] = text
        }
        return number
    }
}
