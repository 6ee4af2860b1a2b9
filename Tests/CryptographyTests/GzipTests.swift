import Gzip
import Testing

@Suite("gzip")
struct GzipTests {
    /// Text that packs well, longer than several blocks of the inflater.
    static let text = [UInt8]("id,title,price\n".utf8) + Array(repeating: [UInt8]("SKU-1,مصباح,49.90 EUR\n".utf8), count: 5_000).joined()
    /// Bytes that do not pack: a linear congruential generator, seed 1.
    static let noise: [UInt8] = {
        var state: UInt32 = 1
        return (0..<150_000).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
    }()

    @Test("what was packed comes back", arguments: [1, 6, 9], [[], [0x41], text, noise])
    func roundTrip(level: Int, bytes: [UInt8]) throws {
        let packed = try gzip(bytes, level: level)
        #expect(packed.prefix(2) == [0x1f, 0x8b])
        #expect(try gunzip(packed, limit: bytes.count) == bytes)
    }

    @Test("packing the same bytes twice gives the same bytes, however they are cut")
    func reproducible() throws {
        var pieces: [UInt8] = []
        var compressor = try GzipCompressor()
        for start in stride(from: 0, to: Self.noise.count, by: 999) {
            compressor.append(Self.noise[start..<min(start + 999, Self.noise.count)], to: &pieces)
        }
        compressor.finish(to: &pieces)
        #expect(try gzip(Self.noise) == pieces)
    }

    @Test("a file made by gzip(1) is read")
    func foreignFile() throws {
        // `printf hello | gzip -n`
        let file: [UInt8] = [
            0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0, 0x86, 0xa6, 0x10, 0x36, 0x05, 0, 0, 0,
        ]
        #expect(try gunzip(file, limit: 5) == Array("hello".utf8))
    }

    @Test("members one behind the other are one file, fed in any pieces", arguments: [1, 2, 13, 1000])
    func members(piece: Int) throws {
        let file = try gzip(Array("first,".utf8)) + gzip([]) + gzip(Array("second".utf8)) + [0, 0, 0]
        var plain: [UInt8] = []
        var inflater = try GzipInflater(limit: 100)
        for start in stride(from: 0, to: file.count, by: piece) {
            try inflater.feed(Array(file[start..<min(start + piece, file.count)])) { plain.append(contentsOf: $0) }
        }
        #expect(inflater.produced == 12)
        try inflater.finish()
        #expect(plain == Array("first,second".utf8))
    }

    @Test("every cut of a file is told as truncated")
    func truncated() throws {
        let file = try gzip(Array("some words and some words".utf8))
        for length in 0..<file.count {
            let error = #expect(throws: GzipError.self) { try gunzip(Array(file.prefix(length)), limit: 1000) }
            #expect(error?.reason == .truncated, "cut at \(length)")
        }
    }

    @Test("a cut inside the second member is told as truncated too")
    func truncatedSecondMember() throws {
        let first = try gzip([1, 2, 3])
        for extra in 1...12 {
            let error = #expect(throws: GzipError.self) { try gunzip(first + first.prefix(extra), limit: 1000) }
            #expect(error?.reason == .truncated, "cut at \(extra)")
        }
    }

    @Test("a changed byte of content or trailer is told as corrupt")
    func corrupt() throws {
        let file = try gzip(Self.noise)
        for place in [10, file.count / 2, file.count - 8, file.count - 1] {
            var broken = file
            broken[place] ^= 0xff
            let error = #expect(throws: GzipError.self) { try gunzip(broken, limit: 1 << 20) }
            #expect(error?.reason == .corrupt, "byte \(place)")
        }
    }

    @Test("rubbish behind the end is told as corrupt", arguments: [[0x41], [0x1f, 0x41], [0, 0x41]] as [[UInt8]])
    func rubbish(tail: [UInt8]) throws {
        let file = try gzip([1, 2, 3]) + tail
        let error = #expect(throws: GzipError.self) { try gunzip(file, limit: 10) }
        #expect(error?.reason == .corrupt)
    }

    @Test("a plain file is told as no gzip", arguments: ["id,title\n1,a\n", "\u{1f}x", "P"])
    func plainFile(text: String) {
        let error = #expect(throws: GzipError.self) { try gunzip(Array(text.utf8), limit: 1000) }
        #expect(error?.reason == .notGzip)
    }

    @Test("one byte over the limit is refused, and no more than the limit is handed out")
    func limit() throws {
        let packed = try gzip([UInt8](repeating: 0, count: 10_000_000))
        var handedOut = 0
        let error = #expect(throws: GzipError.self) {
            var inflater = try GzipInflater(limit: 9_999_999)
            try inflater.feed(packed) { handedOut += $0.count }
        }
        #expect(error?.reason == .tooLarge)
        #expect(handedOut <= 9_999_999)
        #expect(try gunzip(packed, limit: 10_000_000).count == 10_000_000)
    }
}
