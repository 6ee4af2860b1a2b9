import Testing

@testable import Feed

/// What the fuzzer has found, each in its smallest form.
@Suite("Found by fuzzing")
struct FoundByFuzzTests {
    private let head = Array((requiredHeader + "\n").utf8)
    private let row = Array(file([:]).split(separator: "\n")[1].utf8) + [0x0A]

    private func scans(_ bytes: [UInt8], _ adjust: (inout FeedOptions) -> Void = { _ in }) async throws -> [FileScan] {
        var all: [FileScan] = []
        for (block, workers) in [(2 << 20, 1), (7, 1), (64, 4)] {
            var options = FeedOptions()
            options.blockBytes = block
            adjust(&options)
            all.append(try await scan(bytes, options: options, workers: workers))
        }
        return all
    }

    @Test("of two reasons to refuse a file the first one in it is told, however it is cut")
    func firstReason() async throws {
        let long = [UInt8](repeating: 0x78, count: 300) + [0x2C] + row
        for found in try await scans(head + long + row + [0xF1, 0x0A], { $0.maxFieldBytes = 200 }) {
            #expect(found.refusal?.rule == .f10 && found.refusal?.line == 2 && found.rowCount == 1)
        }
        for found in try await scans(head + [0xF1, 0x0A] + row + long, { $0.maxFieldBytes = 200 }) {
            #expect(found.refusal?.rule == .f02 && found.refusal?.line == 2)
        }
    }

    @Test("a record beyond the limit is refused also where none of its fields is")
    func longRecord() async throws {
        for found in try await scans(head + row, { $0.maxRecordBytes = 100 }) {
            #expect(found.refusal?.rule == .f10 && found.refusal?.line == 2 && found.rowCount == 1)
        }
    }

    @Test("a record beyond the limit with a broken quote is too long first, unless the quote is never closed")
    func longBrokenRecord() async throws {
        let filler = [UInt8](repeating: 0x78, count: 900)
        for found in try await scans(head + filler + Array(",\"a\"b\n".utf8) + row, { $0.maxRecordBytes = 400 }) { #expect(found.refusal?.rule == .f10) }
        for found in try await scans(head + Array("\"a".utf8) + filler + row, { $0.maxRecordBytes = 400 }) {
            #expect(found.refusal?.rule == .f08 && found.refusal?.message == "the quote opened on line 2 is never closed")
        }
    }

    @Test("the bytes shown of a wrong encoding end with their line")
    func wrongBytes() async throws {
        for found in try await scans(head + [0x61, 0xC5, 0x0A] + row) { #expect(found.refusal?.value == "C5") }
    }

    @Test("a field beyond the limit is shown no further than it goes")
    func shownField() async throws {
        for found in try await scans(head + Array(repeating: 0x78, count: 30) + [0x2C] + row, { $0.maxFieldBytes = 29 }) {
            #expect(found.refusal?.value == String(repeating: "x", count: 30))
        }
    }

    @Test("a rule turned down to `info` gives each of its examples once")
    func examplesOnce() async throws {
        var options = FeedOptions()
        options.severities[.l04] = .info
        let found = try await scan(file(["link": "https://shop.krd/چرا", "image_link": "https://cdn.shop.krd/é.jpg"]), options: options)
        let entry = try #require(found.tally.entries.first { $0.rule == .l04 })
        #expect(entry.count == 2 && entry.examples.count == 2)
    }
}
