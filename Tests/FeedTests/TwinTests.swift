import Testing

@testable import Feed

/// The obvious parser: one byte at a time, one state. What the scanner must agree with.
struct TwinParser {
    struct Record: Equatable {
        var line: Int
        var offset: Int
        var fields: [[UInt8]]
    }

    enum Ending: Equatable { case whole, broken }

    static func parse(_ bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ",")) -> ([Record], Ending) {
        var records: [Record] = []
        var index = 0
        var line = 1
        while index < bytes.count {
            var record = Record(line: line, offset: index, fields: [])
            var field: [UInt8] = []
            var isDone = false
            var isQuoted = false
            while !isDone {
                if index < bytes.count, bytes[index] == UInt8(ascii: "\""), field.isEmpty, !isQuoted {
                    isQuoted = true
                    index += 1
                    while true {
                        guard index < bytes.count else { return (records + [record], .broken) }
                        if bytes[index] == UInt8(ascii: "\"") {
                            index += 1
                            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { break }
                        }
                        if bytes[index] == 0x0A { line += 1 }
                        field.append(bytes[index])
                        index += 1
                    }
                    let isReturn = index < bytes.count && bytes[index] == 0x0D && (index + 1 == bytes.count || bytes[index + 1] == 0x0A)
                    if isReturn { index += 1 }
                    guard index == bytes.count || bytes[index] == 0x0A || bytes[index] == delimiter && !isReturn else {
                        return (records + [record], .broken)
                    }
                } else if index == bytes.count || bytes[index] == 0x0A {
                    if !isQuoted, field.last == 0x0D { field.removeLast() }
                    record.fields.append(field)
                    isDone = true
                    index += 1
                    line += 1
                } else if bytes[index] == delimiter {
                    record.fields.append(field)
                    field = []
                    isQuoted = false
                    index += 1
                } else {
                    field.append(bytes[index])
                    index += 1
                }
            }
            let isBlank = record.fields == [[]] && !isQuoted
            if !isBlank { records.append(record) }
        }
        return (records, .whole)
    }
}

@Suite("The scanner against its obvious twin")
struct TwinTests {
    private static let pieces: [[UInt8]] = ["a", ",", "\"", "\"\"", "\n", "\r\n", "\r", "é", "سعر", "x y", "\",\"", "\"\n\"", "1"].map { Array($0.utf8) }

    private func body(_ seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        let header = Array((requiredHeader + "\n").utf8)
        var bytes = header
        for _ in 0..<Int.random(in: 0...30, using: &random) {
            if seed % 2 == 0 {  // records of the right shape
                let fields = (0..<10).map { _ in
                    quoted((0..<Int.random(in: 0...4, using: &random)).map { _ in String(decoding: Self.pieces.randomElement(using: &random)!, as: UTF8.self) }.joined())
                }
                bytes += Array(fields.joined(separator: ",").utf8) + (Bool.random(using: &random) ? [0x0D, 0x0A] : [0x0A])
            } else {
                for _ in 0..<Int.random(in: 0...12, using: &random) { bytes += Self.pieces.randomElement(using: &random)! }
            }
        }
        return bytes
    }

    @Test("rows, lines, offsets and broken quotes agree, at every block size", arguments: UInt64(0)..<60)
    func agrees(_ part: UInt64) async throws {
        for seed in (part * 10)..<(part * 10 + 10) {
            let bytes = body(seed)
            let (records, ending) = TwinParser.parse(bytes)
            let expected = Array(records.dropFirst())
            var first: FileScan?
            for block in [2 << 20, 7, 64, 1 + Int(seed % 50)] {
                var options = FeedOptions()
                options.blockBytes = block
                let found = try await scan(bytes, options: options, workers: 1 + Int(seed % 3))
                #expect(found.rowCount == expected.count, "seed \(seed), block \(block)")
                #expect((found.refusal?.rule == .f08) == (ending == .broken), "seed \(seed), block \(block): \(String(describing: found.refusal))")
                if found.refusal == nil { compare(found, expected, bytes, seed) }
                if let first { expectSame(first, found, seed, block) } else { first = found }
            }
        }
    }

    private func compare(_ found: FileScan, _ expected: [TwinParser.Record], _ bytes: [UInt8], _ seed: UInt64) {
        found.rows.forEach { row, entry in
            #expect(Int(entry.line) == expected[row].line && Int(entry.offset) == expected[row].offset, "seed \(seed), row \(row)")
        }
        let ragged = expected.filter { $0.fields.count != 10 }.count
        #expect(found.tally.count(of: .f07) == ragged, "seed \(seed)")
    }

    private func expectSame(_ a: FileScan, _ b: FileScan, _ seed: UInt64, _ block: Int) {
        #expect(a.refusal == b.refusal && a.tally == b.tally && a.rejectedCount == b.rejectedCount, "seed \(seed), block \(block)")
        var rows: [RowEntry] = []
        a.rows.forEach { rows.append($1) }
        b.rows.forEach { #expect(rows[$0] == $1, "seed \(seed), block \(block), row \($0)") }
    }

    @Test("the fields that rules see are the twin's", arguments: UInt64(0)..<40)
    func fields(_ seed: UInt64) async throws {
        let bytes = body(seed * 2)
        let expected = TwinParser.parse(bytes).0.dropFirst()
        let found = try await scan(bytes)
        guard found.refusal == nil else { return }
        var reader = RowReader(scan: found, source: MemoryByteSource(bytes), options: FeedOptions())
        for (row, record) in expected.enumerated() where record.fields.count == 10 {
            #expect(try reader.detail(row).productID == String(decoding: record.fields[0], as: UTF8.self), "seed \(seed), row \(row)")
        }
    }
}
