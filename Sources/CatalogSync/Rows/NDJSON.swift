import CFeedKernels
import Engine
import Gzip

/// Gzipped lines of JSON: the form of everything that a run keeps about rows.
final class LinesWriter<Line: KeptLine> {
    private var compressor: GzipCompressor?
    private var output: [UInt8] = []
    private var lines = KeptLineWriter()
    private(set) var count = 0

    /// Bytes packed at once.
    private static var block: Int { 64 << 10 }

    init() throws { compressor = try GzipCompressor() }

    func append(_ line: Line) {
        lines.append(line)
        count += 1
        if lines.bytes.count >= Self.block { pack() }
    }

    private func pack() {
        compressor?.append(lines.bytes, to: &output)
        lines.removeAll()
    }

    /// Packed bytes that are ready, to be written away before the end.
    var ready: Int { output.count }
    func drain() -> [UInt8] {
        defer { output = [] }
        return output
    }

    /// Once, at the end.
    func finish() -> [UInt8] {
        pack()
        compressor.take()?.finish(to: &output)
        return output
    }
}

enum LinesReader {
    /// Bytes of one such object, inflated: the lines of 5,000,000 rows stay below it.
    static let limit = 2 << 30

    private static let newline = UInt8(ascii: "\n")

    static func read<Line: KeptLine>(_ packed: [UInt8], as type: Line.Type = Line.self) throws -> [Line] {
        try lines(of: try gunzip(packed, limit: limit))
    }

    private static func lines<Line: KeptLine>(of bytes: [UInt8]) throws -> [Line] {
        var lines: [Line] = []
        try forEach(in: bytes) { lines.append(try $0.read()) }
        return lines
    }

    private static func forEach(in bytes: [UInt8], _ body: (inout KeptLineReader) throws -> Void) throws {
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: newline) ?? bytes.count
            if end > start {
                var reader = KeptLineReader(bytes, start..<end)
                try body(&reader)
            }
            start = end + 1
        }
    }

    /// All lines, some at a time: of a run of a million rows all at once would be a gigabyte.
    static func forEachChunk<Line: KeptLine>(_ packed: [UInt8], of count: Int, as type: Line.Type = Line.self, _ body: ([Line]) throws -> Void) throws {
        var inflater = try GzipInflater(limit: limit)
        var text: [UInt8] = []
        var lines: [Line] = []
        for start in stride(from: 0, to: packed.count, by: inputBlock) {
            try inflater.feed(Array(packed[start..<min(start + inputBlock, packed.count)])) { text += $0 }
            guard let end = text.lastIndex(of: newline) else { continue }
            let whole = Array(text[...end])
            text.removeSubrange(...end)
            try forEach(in: whole) { line in
                lines.append(try line.read())
                guard lines.count == count else { return }
                try body(lines)
                lines.removeAll(keepingCapacity: true)
            }
        }
        try inflater.finish()
        // Each line is written with its end: the rest of one is a row that would be gone without a word.
        guard text.isEmpty else { throw KeptLineError(wanted: "end of the last line", place: text.count) }
        if !lines.isEmpty { try body(lines) }
    }

    /// Packed bytes inflated at once.
    private static let inputBlock = 64 << 10

    /// Texts up to which lines are searched; beyond it is quicker to decode them all.
    private static let mostSearched = 16

    /// The lines that say one of these texts under its name, of lines that `LinesWriter` made and that are unpacked. May decode others too.
    static func read<Line: KeptLine>(_ lines: consuming [UInt8], holding texts: [(name: StaticString, text: String)], as type: Line.Type) throws -> [Line] {
        guard texts.count <= mostSearched else { return try Self.lines(of: lines) }
        let count = lines.count
        var padded = lines
        // The kernels read a little beyond.
        padded.append(contentsOf: repeatElement(0, count: Int(VF_PADDING)))
        var found: [Line] = []
        for (name, text) in texts {
            for line in Self.lines(of: padded, count: count, with: KeptLineWriter.field(name, saying: text)) {
                var reader = KeptLineReader(padded, line)
                found.append(try reader.read())
            }
        }
        return found
    }

    private static func lines(of bytes: [UInt8], count: Int, with needle: [UInt8]) -> [Range<Int>] {
        var texts = vf_texts()
        vf_texts_clear(&texts)
        // The end of the text is the rarest.
        vf_texts_add(&texts, needle, needle.count, needle.count)
        var found: [Range<Int>] = []
        bytes.withUnsafeBufferPointer { all in
            guard let base = all.baseAddress else { return }
            var place = 0
            while place < count {
                let hit = vf_find(&texts, base, count, place)
                guard hit < count else { return }
                let before = vf_last_line_end(base + place, hit - place)
                let start = before == hit - place ? place : place + before + 1
                let end = all[hit..<count].firstIndex(of: UInt8(ascii: "\n")) ?? count
                found.append(start..<end)
                place = end + 1
            }
        }
        return found
    }
}
