import Engine
import Gzip
import ObjectStore
import Transport

/// Gzipped lines of JSON that are kept in a file without a name while they come: those of a run of a million rows are tens of megabytes.
final class SpooledLines<Line: KeptLine> {
    private let lines: LinesWriter<Line>
    private let file: OpenFile
    private let folder: String
    private var size = 0

    /// Packed bytes kept in memory.
    private static var block: Int { 256 << 10 }

    /// - Parameter folder: where the file lies.
    init(in folder: String) throws {
        guard let file = OpenFile.unnamed(in: folder) else { throw StoreError.spool(folder) }
        self.file = file
        self.folder = folder
        lines = try LinesWriter()
    }

    func append(_ line: Line) throws {
        lines.append(line)
        if lines.ready >= Self.block { try write(lines.drain()) }
    }

    /// Once, at the end.
    func finish() throws -> OpenFile {
        try write(lines.finish())
        return file
    }

    private func write(_ bytes: [UInt8]) throws {
        guard bytes.withUnsafeBytes({ file.write($0, at: size) }) else { throw StoreError.spool(folder) }
        size += bytes.count
    }
}
