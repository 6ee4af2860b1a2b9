import Glibc

/// Tells the lines that come to the end of files and match, as they come. Goes on where a file is turned over, cut or made anew.
///
/// Asked again and again by whoever has the clock; owned by one task.
public final class LogFollower {
    private let test: LogTest
    private var files: [Followed]
    /// Lines that are no object of JSON, or too long.
    public private(set) var unreadable = 0

    private final class Followed {
        let path: String
        var log: OpenLog?
        var identity: Identity?
        let block = LogBlock()
        /// In the middle of a line that was told already.
        var isWithinLine = false

        init(path: String) { self.path = path }
    }

    private struct Identity: Equatable {
        let inode: UInt
        let device: UInt
    }

    /// - Parameter files: path, and how many bytes of it are known already; nil: the file may not be there yet, and will be told from its beginning.
    public init(_ query: LogQuery, files: [(path: String, known: Int?)]) {
        test = LogTest(query)
        self.files = files.map { Followed(path: $0.path) }
        for (file, known) in zip(self.files, files.map(\.known)) { if let known { open(file, at: known) } }
    }

    /// What came since the last time, file by file.
    public func next() -> [[UInt8]] {
        var found: [[UInt8]] = []
        for file in files {
            read(file, &found)
            if file.log == nil || Self.identity(of: file.path).map({ $0 != file.identity }) ?? false {
                // What was written until the file was moved away is read before: also what came since the reading just above.
                read(file, &found)
                open(file, at: 0)
                read(file, &found)
            }
        }
        return found
    }

    private func open(_ file: Followed, at offset: Int) {
        let identity = Self.identity(of: file.path)
        guard identity != nil, let log = try? OpenLog(.file(file.path)), !log.isPacked else { return }
        (file.log, file.identity) = (log, identity)
        file.block.begin(at: offset)
        file.isWithinLine = false
        guard let fragment = Self.fragment(before: offset, of: log) else { return file.isWithinLine = true }
        // A line that only wants its line end was told; one that was seen by half was not, and is read again from its beginning.
        if !fragment.isEmpty, LogField.padded(fragment, { test.judge($0) }) == .matches { file.isWithinLine = true } else { file.block.begin(at: offset - fragment.count) }
    }

    /// Bytes of a begun line that are looked at; one that is longer is passed over.
    private static let longestFragment = 256 << 10

    /// The beginning of the line that `offset` lies in, empty where a line begins there; nil where it is too long.
    private static func fragment(before offset: Int, of log: OpenLog) -> [UInt8]? {
        let start = max(0, offset - longestFragment)
        var bytes = [UInt8](repeating: 0, count: offset - start)
        let count = bytes.withUnsafeMutableBytes { try? log.read(into: $0, at: start) }
        // It was cut meanwhile.
        guard count == bytes.count else { return [] }
        if let end = bytes.lastIndex(of: LogBlock.newline) { return Array(bytes[(end + 1)...]) }
        return start == 0 ? bytes : nil
    }

    private func read(_ file: Followed, _ found: inout [[UInt8]]) {
        guard let log = file.log else { return }
        if let size = Self.size(of: file.path), Self.identity(of: file.path) == file.identity, size < file.block.end {
            file.block.begin(at: 0)
            file.isWithinLine = false
        }
        while let count = try? log.read(into: file.block.room(), at: file.block.end), count > 0 {
            file.block.filled(count)
            if file.isWithinLine { file.isWithinLine = !file.block.dropFirstLine() }
            file.block.takeLines(isLast: false) { lines in
                for line in lines.split(separator: LogBlock.newline) {
                    switch test.judge(LogBytes(rebasing: line)) {
                    case .matches: found.append(Array(line))
                    case .unreadable: if !LogLineReader.isBlank(LogBytes(rebasing: line)) { unreadable += 1 }
                    case .differs: break
                    }
                }
            }
            unreadable += file.block.takeOverlong()
        }
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    private static func size(of path: String) -> Int? { status(of: path)?.st_size }
    private static func identity(of path: String) -> Identity? {
        status(of: path).map { Identity(inode: UInt($0.st_ino), device: UInt($0.st_dev)) }
    }
}
