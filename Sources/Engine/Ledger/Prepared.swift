import Events
import GRDB
import GRDBSQLite

/// A cached statement, bound and read by place through SQLite's own calls. Rows come by the hundred thousand, and boxing each value in a GRDB
/// argument costs more than SQLite's work on it.
struct Prepared {
    private let database: Database
    private let statement: Statement
    private var handle: OpaquePointer { statement.sqliteStatement }

    init(_ database: Database, _ sql: String) throws {
        self.database = database
        statement = try database.cachedStatement(sql: sql)
        sqlite3_reset(statement.sqliteStatement)
    }

    /// Places count from 1, as in SQL.
    func bind(_ place: Int, _ value: Int64?) {
        if let value { sqlite3_bind_int64(handle, Int32(place), value) } else { sqlite3_bind_null(handle, Int32(place)) }
    }

    func bind(_ place: Int, _ value: Int) { bind(place, Int64(value)) }
    func bind(_ place: Int, _ value: Bool) { bind(place, value ? 1 as Int64 : 0) }
    func bind(_ place: Int, _ value: Fingerprint?) { bind(place, value.map { Int64(bitPattern: $0.bits) }) }
    func bind(_ place: Int, _ value: Timestamp?) { bind(place, value?.milliseconds) }

    func bind(_ place: Int, _ value: String?) {
        guard var value else {
            sqlite3_bind_null(handle, Int32(place))
            return
        }
        if value.isEmpty {
            // Of an empty text Swift may have no address, which to SQLite is the same as none.
            sqlite3_bind_text(handle, Int32(place), "", 0, Self.copied)
        } else {
            value.withUTF8 { bytes in
                _ = bytes.withMemoryRebound(to: CChar.self) { sqlite3_bind_text(handle, Int32(place), $0.baseAddress, Int32($0.count), Self.copied) }
            }
        }
    }

    /// SQLITE_TRANSIENT, which C spells as a cast that Swift does not import.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// To its end, and ready to be bound anew.
    func run() throws {
        defer { sqlite3_reset(handle) }
        while try step() {}
    }

    /// True: a row can be read.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage, sql: statement.sql)
        }
    }

    func forEachRow(_ body: (Prepared) throws -> Void) throws {
        defer { sqlite3_reset(handle) }
        while try step() { try body(self) }
    }

    // Columns count from 0, as in SQLite.

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }
    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }
    func integerIfAny(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
    func number(_ column: Int) -> Int { Int(integer(column)) }
    func fingerprint(_ column: Int) -> Fingerprint? { integerIfAny(column).map { Fingerprint(UInt64(bitPattern: $0)) } }
    func time(_ column: Int) -> Timestamp { Timestamp(milliseconds: integer(column)) }
    func timeIfAny(_ column: Int) -> Timestamp? { integerIfAny(column).map { Timestamp(milliseconds: $0) } }

    func textIfAny(_ column: Int) -> String? {
        guard let bytes = sqlite3_column_text(handle, Int32(column)) else { return nil }
        return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, Int32(column)))), as: UTF8.self)
    }

    func text(_ column: Int) -> String { textIfAny(column) ?? "" }
}

extension Timestamp {
    /// Rounded down: a time is never later than it was.
    var milliseconds: Int64 {
        let (quotient, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return rest < 0 ? quotient - 1 : quotient
    }

    init(milliseconds: Int64) {
        let (nanoseconds, isOver) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        self.init(nanoseconds: isOver ? (milliseconds < 0 ? .min : .max) : nanoseconds)
    }
}
