import CFeedKernels
import FoundationEssentials
import Gzip

/// Gzipped lines of JSON: the form of everything that a run keeps about rows.
final class LinesWriter<Line: Encodable> {
    private var compressor: GzipCompressor?
    private var output: [UInt8] = []
    private let encoder = JSONEncoder()
    private(set) var count = 0

    init() throws {
        compressor = try GzipCompressor()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    func append(_ line: Line) throws {
        var bytes = [UInt8](try encoder.encode(line))
        bytes.append(UInt8(ascii: "\n"))
        compressor?.append(bytes, to: &output)
        count += 1
    }

    /// Packed bytes that are ready, to be written away before the end.
    var ready: Int { output.count }
    func drain() -> [UInt8] {
        defer { output = [] }
        return output
    }

    /// Once, at the end.
    func finish() -> [UInt8] {
        compressor.take()?.finish(to: &output)
        return output
    }
}

enum LinesReader {
    /// Bytes of one such object, inflated: the lines of 5,000,000 rows stay below it.
    static let limit = 2 << 30

    static func read<Line: Decodable>(_ packed: [UInt8], as type: Line.Type = Line.self) throws -> [Line] {
        let decoder = JSONDecoder()
        return try gunzip(packed, limit: limit).split(separator: UInt8(ascii: "\n")).map { try decoder.decode(Line.self, from: Data($0)) }
    }

    /// All lines, some at a time: of a run of a million rows all at once would be a gigabyte.
    static func forEachChunk<Line: Decodable>(_ packed: [UInt8], of count: Int, as type: Line.Type = Line.self, _ body: ([Line]) throws -> Void) throws {
        let decoder = JSONDecoder()
        let newline = UInt8(ascii: "\n")
        var inflater = try GzipInflater(limit: limit)
        var text: [UInt8] = []
        var lines: [Line] = []
        for start in stride(from: 0, to: packed.count, by: inputBlock) {
            try inflater.feed(Array(packed[start..<min(start + inputBlock, packed.count)])) { text += $0 }
            guard let end = text.lastIndex(of: newline) else { continue }
            for line in text[..<end].split(separator: newline) {
                lines.append(try decoder.decode(Line.self, from: Data(line)))
                guard lines.count == count else { continue }
                try body(lines)
                lines.removeAll(keepingCapacity: true)
            }
            text.removeSubrange(...end)
        }
        try inflater.finish()
        if !lines.isEmpty { try body(lines) }
    }

    /// Packed bytes inflated at once.
    private static let inputBlock = 64 << 10

    /// Texts up to which lines are searched; beyond it is quicker to decode them all.
    private static let mostSearched = 16

    /// The lines that say one of these texts under its key, of lines that `LinesWriter` made and that are unpacked. May decode others too.
    static func read<Line: Decodable>(_ lines: consuming [UInt8], holding texts: [(key: String, text: String)], as type: Line.Type) throws -> [Line] {
        let decoder = JSONDecoder()
        guard texts.count <= mostSearched else {
            return try lines.split(separator: UInt8(ascii: "\n")).map { try decoder.decode(Line.self, from: Data($0)) }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The kernels read a little beyond.
        let count = lines.count
        lines.append(contentsOf: repeatElement(0, count: Int(VF_PADDING)))
        var found: [Line] = []
        for (key, text) in texts {
            // As LinesWriter writes it: without the braces of an object of its own.
            let needle = [UInt8](try encoder.encode([key: text])).dropFirst().dropLast()
            for line in Self.lines(of: lines, count: count, with: Array(needle)) { found.append(try decoder.decode(Line.self, from: Data(lines[line]))) }
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
