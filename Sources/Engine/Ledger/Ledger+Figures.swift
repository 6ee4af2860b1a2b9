public import Events
import GRDB

extension Ledger {
    /// Figures that go on from process to process. In one transaction adds to what is kept, replaces what is to be replaced, and hands over
    /// all there is: until `then` returns no other process gets further than to its own beginning. If it throws, nothing was kept.
    ///
    /// Numbers are 64 bits as they come, and wrap.
    public func keepFigures(
        adding increments: [String: UInt64], replacing values: [String: UInt64], then: ([String: UInt64]) throws -> Void
    ) throws {
        var failure: (any Error)?
        do {
            try writing { database in
                try Self.add(increments, in: database)
                for (name, bits) in values {
                    try database.execute(sql: "INSERT OR REPLACE INTO figure (name, bits) VALUES (?, ?)", arguments: [name, Int64(bitPattern: bits)])
                }
                do { try then(try Self.figures(in: database)) } catch {
                    failure = error
                    throw error
                }
            }
        } catch {
            throw failure ?? error
        }
    }

    private static func add(_ increments: [String: UInt64], in database: Database) throws {
        let known = try figures(in: database)
        for (name, increment) in increments {
            let sum = (known[name] ?? 0) &+ increment
            try database.execute(sql: "INSERT OR REPLACE INTO figure (name, bits) VALUES (?, ?)", arguments: [name, Int64(bitPattern: sum)])
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
