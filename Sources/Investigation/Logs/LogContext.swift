import Glibc

/// Finds the lines around lines of one file. A pipe cannot be read twice: of it, none are found.
struct LogContext {
    private let log: OpenLog
    private let lines: Int
    /// Bytes before or behind a line that are looked at: a context of longer lines is cut.
    private static let reach = 4 << 20
    /// Bytes of lines around others that are held at once.
    static let mostHeld = 64 << 20

    struct Around {
        var before: [[UInt8]] = []
        var after: [[UInt8]] = []
    }

    init(_ log: OpenLog, lines: Int) {
        self.log = log
        self.lines = lines
    }

    /// - Parameters:
    ///   - offsets: of the first bytes of lines.
    ///   - room: bytes that may still be held; below 0 there was too much, and what is found is not all.
    func around(_ offsets: [Int], room: inout Int) throws(LogProblem) -> [Int: Around] {
        if log.isStream { return [:] }
        if log.isPacked { return try aroundPacked(offsets.sorted(), &room) }
        var found: [Int: Around] = [:]
        for offset in offsets where room >= 0 {
            let around = Around(before: try before(offset), after: try after(offset))
            room -= (around.before + around.after).reduce(0) { $0 + $1.count }
            if room >= 0 { found[offset] = around }
        }
        return found
    }

    private func before(_ offset: Int) throws(LogProblem) -> [[UInt8]] {
        var size = 16 << 10
        while true {
            let start = max(0, offset - size)
            let bytes = try read(start..<offset)
            // The first piece may begin in the middle of a line.
            let whole = bytes.dropLast().split(separator: LogBlock.newline, omittingEmptySubsequences: false).dropFirst(start == 0 ? 0 : 1)
            if whole.count >= lines || start == 0 || size >= Self.reach { return offset == 0 ? [] : whole.suffix(lines).map(Array.init) }
            size *= 4
        }
    }

    private func after(_ offset: Int) throws(LogProblem) -> [[UInt8]] {
        var size = 16 << 10
        while true {
            let bytes = try read(offset..<min(offset + size, log.size))
            let isEnd = offset + size >= log.size
            var whole = bytes.split(separator: LogBlock.newline, omittingEmptySubsequences: false).dropFirst()
            if !isEnd || whole.last?.isEmpty == true { whole = whole.dropLast() }
            if whole.count >= lines || isEnd || size >= Self.reach { return whole.prefix(lines).map(Array.init) }
            size *= 4
        }
    }

    private func read(_ range: Range<Int>) throws(LogProblem) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var have = 0
        while have < bytes.count {
            let start = have
            var outcome: Result<Int, LogProblem> = .success(0)
            bytes.withUnsafeMutableBytes { room in
                do throws(LogProblem) {
                    outcome = .success(try log.read(into: UnsafeMutableRawBufferPointer(rebasing: room[start...]), at: range.lowerBound + start))
                } catch {
                    outcome = .failure(error)
                }
            }
            let count = try outcome.get()
            if count == 0 { break }
            have += count
        }
        return Array(bytes.prefix(have))
    }

    /// The whole file once more: in a packed one nothing can be found otherwise.
    private func aroundPacked(_ offsets: [Int], _ room: inout Int) throws(LogProblem) -> [Int: Around] {
        let block = LogBlock()
        block.begin(at: 0)
        var collector = Collector(lines: lines, offsets: offsets, room: room)
        do throws(LogProblem) {
            try LogUnpacker.unpack(log) { piece in
                block.append(piece)
                block.takeLines(isLast: false) { collector.take($0, at: block.offset) }
            }
        } catch {
            // It was told when the file was searched.
        }
        block.takeLines(isLast: true) { collector.take($0, at: block.offset) }
        room = collector.room
        return collector.found
    }

    /// Walks over all lines of a file, in order, and remembers those around the wanted ones.
    private struct Collector {
        let lines: Int
        let offsets: [Int]
        var found: [Int: Around] = [:]
        private var next = 0
        private var last: [[UInt8]] = []
        private var lastBytes = 0
        private var open: [Int] = []
        private(set) var room: Int

        init(lines: Int, offsets: [Int], room: Int) {
            self.lines = lines
            self.offsets = offsets
            self.room = room
        }

        mutating func take(_ bytes: LogBytes, at base: Int) {
            var place = 0
            while place < bytes.count, room >= 0, next < offsets.count || !open.isEmpty {
                let end = bytes[place...].firstIndex(of: LogBlock.newline) ?? bytes.count
                take(Array(bytes.part(place, end - place)), startingAt: base + place)
                place = end + 1
            }
        }

        private mutating func take(_ line: [UInt8], startingAt offset: Int) {
            for wanted in open { found[wanted]?.after.append(line) }
            room -= open.count * line.count
            open.removeAll { found[$0]?.after.count == lines }
            if next < offsets.count, offset == offsets[next] {
                found[offset] = Around(before: last)
                room -= lastBytes
                open.append(offset)
                next += 1
            }
            last.append(line)
            lastBytes += line.count
            while last.count > lines || lastBytes > LogContext.reach { lastBytes -= last.removeFirst().count }
        }
    }
}
