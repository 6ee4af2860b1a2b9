import Testing

@testable import Feed

/// Somebody writes over the file while it is read: it has fewer bytes than it told.
private struct ShrinkingSource: ByteSource {
    let bytes: MemoryByteSource
    let byteCount: Int
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int { bytes.read(into: buffer, at: offset) }
}

@Suite("A file that becomes shorter while it is read")
struct ShrinkingFileTests {
    @Test("ends the scan with an error, wherever it ends and however many read it", arguments: [0, 40, 300, 1000, 1001, 1999], [1, 2])
    func reading(missing: Int, workers: Int) async throws {
        let row = "a,Lamp,A lamp.,https://a.krd/1,https://a.krd/1.jpg,in stock,5 USD,N,new,Home\n"
        let text = requiredHeader + "\n" + String(repeating: row, count: 60)
        let whole = Array(text.utf8)
        let source = ShrinkingSource(bytes: MemoryByteSource(Array(whole.dropLast(missing + 1))), byteCount: whole.count)
        var options = FeedOptions()
        options.blockBytes = 1000
        await #expect(throws: RowReadError.self) { try await FeedScanner(options: options).scan(source, name: "a.csv", workers: workers) }
    }

    @Test("ends the look at its duplicates with an error") func duplicates() async throws {
        let row = "a,Lamp,A lamp.,https://a.krd/1,https://a.krd/1.jpg,in stock,5 USD,N,new,Home\n"
        let text = requiredHeader + "\n" + row + row
        let found = try await scan(text)
        let source = ShrinkingSource(bytes: MemoryByteSource(Array(text.utf8.dropLast(row.utf8.count))), byteCount: text.utf8.count)
        await #expect(throws: RowReadError.self) { try await resolve([found], sources: [source], options: FeedOptions()) }
    }
}
