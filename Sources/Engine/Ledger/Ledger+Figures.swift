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
        let high = random.0 & ~0xF000 | 0x4000, low = random.1 & ~(3 << 62) | 2 << 62
        var bits: (high: UInt64, low: UInt64) = (high, low)
        try writing { database in
            for (name, value) in [(Self.identityHigh, high), (Self.identityLow, low)] {
                try database.execute(sql: "INSERT OR IGNORE INTO figure (name, bits) VALUES (?, ?)", arguments: [name, Int64(bitPattern: value)])
            }
            let known = try Self.figures(in: database)
            bits = (known[Self.identityHigh] ?? high, known[Self.identityLow] ?? low)
        }
        let digits = [bits.high, bits.low].map { String(repeating: "0", count: 16 - String($0, radix: 16).count) + String($0, radix: 16) }.joined()
        var text = ""
        for (place, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(place) { text += "-" }
            text.append(digit)
        }
        return text
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
