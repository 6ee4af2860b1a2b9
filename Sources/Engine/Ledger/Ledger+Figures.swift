public import Events
import GRDB

extension Ledger {
    /// Figures that go on from process to process. In one transaction adds to what is kept and replaces what is to be replaced.
    ///
    /// Numbers are 64 bits as they come, and wrap.
    public func keepFigures(adding increments: [String: UInt64], replacing values: [String: UInt64]) throws {
        try writing { database in
            try Self.add(increments, in: database)
            for (name, bits) in values { try Self.put(name, bits, in: database) }
        }
    }

    /// Hands over all figures that are kept. Until `body` returns no other process changes them or gets further than to its own beginning of this: who
    /// writes them elsewhere writes no older ones over newer ones. What `body` throws comes through, and nothing of what is kept is lost by it.
    public func withFigures<Result>(_ body: ([String: UInt64]) throws -> Result) throws -> Result {
        var result: Swift.Result<Result, any Error>?
        try writing { database in
            let figures = try Self.figures(in: database)
            result = Swift.Result { try body(figures) }
        }
        guard let result else { preconditionFailure("a transaction that succeeds has run") }
        return try result.get()
    }

    /// Names this ledger among others for as long as it exists: who tells its figures tells them under this name, whatever process and machine it is. Made
    /// at the first time. A UUID, RFC 9562, version 4.
    /// - Parameter random: two fresh numbers.
    public func identity(_ random: (UInt64, UInt64)) throws -> String {
        if let known = try reading({ Self.identity(try Self.figures(in: $0)) }) { return known.text }
        var name = RandomName(random.0, random.1)
        try writing { database in
            // Another process may have been quicker; then its name is the one.
            if let known = Self.identity(try Self.figures(in: database)) { return name = known }
            for (key, bits) in [(Self.identityHigh, name.high), (Self.identityLow, name.low)] { try Self.put(key, bits, in: database) }
        }
        return name.text
    }

    private static func identity(_ figures: [String: UInt64]) -> RandomName? {
        guard let high = figures[identityHigh], let low = figures[identityLow] else { return nil }
        return RandomName(high, low)
    }

    private static let identityHigh = "identity.high"
    private static let identityLow = "identity.low"

    private static func put(_ name: String, _ bits: UInt64, in database: Database) throws {
        try database.execute(sql: "INSERT OR REPLACE INTO figure (name, bits) VALUES (?, ?)", arguments: [name, Int64(bitPattern: bits)])
    }

    private static func add(_ increments: [String: UInt64], in database: Database) throws {
        let known = try figures(in: database)
        for (name, increment) in increments {
            let sum = (known[name] ?? 0) &+ increment
            try put(name, sum, in: database)
        }
    }

    private static func figures(in database: Database) throws -> [String: UInt64] {
        let rows = try Row.fetchAll(database, sql: "SELECT name, bits FROM figure")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as String, UInt64(bitPattern: $0[1] as Int64)) })
    }

    /// When the newest file was stored of which a pipeline knows some row.
    public func newestFileTime(pipeline: String) throws -> Timestamp? {
        try reading { database -> Int64? in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return nil }
            return try Int64.fetchOne(database, sql: "SELECT MAX(file_time) FROM subject WHERE pipeline_no = ?", arguments: [number])
        }.map { Timestamp(milliseconds: $0) }
    }

    /// - Throws: where it cannot be read.
    public func check() throws { try reading { _ = try Row.fetchOne($0, sql: "SELECT 1 FROM run LIMIT 1") } }
}
