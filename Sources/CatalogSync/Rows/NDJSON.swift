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
}
