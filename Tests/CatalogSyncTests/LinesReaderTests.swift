import Engine
import Events
import Gzip
import Testing

@testable import CatalogSync

@Suite("Lines that a run keeps, packed")
struct LinesReaderTests {
    static let receipts = (1...25_000).map { number in
        Receipt(subject: "sku-\(number)", end: .accepted, file: "a.csv", row: number, fileTime: Timestamp(nanoseconds: 0), at: Timestamp(nanoseconds: 0))
    }

    static func packed() throws -> [UInt8] {
        let lines = try LinesWriter<Receipt>()
        for receipt in receipts { lines.append(receipt) }
        return lines.finish()
    }

    @Test("all come back in order, at once and some at a time")
    func whole() throws {
        let packed = try Self.packed()
        #expect(try LinesReader.read(packed, as: Receipt.self) == Self.receipts)
        var read: [Receipt] = []
        try LinesReader.forEachChunk(packed, of: 4_000, as: Receipt.self) { read += $0 }
        #expect(read == Self.receipts)
    }

    @Test("the rest of a line at the end is an error, however they are read")
    func cut() throws {
        let plain = try gunzip(try Self.packed(), limit: 1 << 30)
        let cut = try gzip(Array(plain.dropLast(10)))
        #expect(throws: KeptLineError.self) { try LinesReader.read(cut, as: Receipt.self) }
        #expect(throws: KeptLineError.self) { try LinesReader.forEachChunk(cut, of: 4_000, as: Receipt.self) { _ in } }
    }
}
