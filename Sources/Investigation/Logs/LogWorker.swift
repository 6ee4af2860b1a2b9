import CFeedKernels
import Events
import Glibc
import Gzip

/// Searches pieces of files, one after the other, with tools that are made once. Owned by one task.
final class LogWorker {
    /// A piece of a file: the lines that begin in `range`; a packed file or a pipe is one piece.
    struct Piece: Sendable {
        var file: Int
        var range: Range<Int>
    }

    /// What a worker found, in all of its pieces.
    struct Findings: Sendable {
        var matched = 0
        var unreadable = 0
        /// Bytes that came from pipes, by file.
        var streamBytes: [Int: Int] = [:]
        var lines: [LogKeeper.Kept] = []
        var groups: LogGroups?
        var problems: [LogProblem] = []
    }

    private let query: LogQuery
    private let test: LogTest
    private let needles: LogNeedles
    private let block: LogBlock
    private var keeper: LogKeeper
    private var groups: LogGroups?
    private let key: LogGroupKey
    private var found = Findings()
    private var file = 0
    /// Chosen by the first bytes of a file; nil: not yet.
    private var texts: vf_texts??
    private var sampledFile = -1

    /// Bytes by which is chosen what to look for.
    private static let sample = 64 << 10

    init(_ query: LogQuery, block: LogBlock = LogBlock()) {
        self.query = query
        self.block = block
        test = LogTest(query)
        needles = LogNeedles(query)
        keeper = LogKeeper(limit: query.grouping == nil ? query.limit : 0)
        groups = query.grouping.map { _ in LogGroups() }
        key = LogGroupKey(bucket: query.grouping?.bucket)
    }

    var findings: Findings {
        var all = found
        all.lines = keeper.sorted
        all.groups = groups
        return all
    }

    func search(_ piece: Piece, of log: OpenLog) {
        file = piece.file
        if sampledFile != file { texts = nil }
        sampledFile = file
        do throws(LogProblem) {
            if log.isPacked { try searchPacked(log) } else if log.isStream { try searchStream(log) } else { try searchPlain(piece.range, of: log) }
        } catch {
            found.problems.append(error)
        }
        found.unreadable += block.overlongLines
    }

    private func searchPlain(_ range: Range<Int>, of log: OpenLog) throws(LogProblem) {
        // The byte before says whether a line begins here.
        block.begin(at: max(0, range.lowerBound - 1))
        var isAligned = range.lowerBound == 0
        while block.offset < range.upperBound {
            let count = try log.read(into: block.room(), at: block.end)
            block.filled(count)
            if !isAligned, count > 0 { isAligned = block.dropFirstLine() }
            block.takeLines(isLast: count == 0) { search($0, startingBefore: range.upperBound) }
            if count == 0 { return }
        }
    }

    private func searchStream(_ log: OpenLog) throws(LogProblem) {
        block.begin(at: 0)
        var isFirst = true
        while true {
            let room = block.room()
            let count = try log.read(into: room, at: 0)
            if isFirst, OpenLog.isPacked(Array(room.prefix(min(2, count)))) {
                throw LogProblem(file: log.name, problem: "it is packed: unpack it on the way, gzip -dc FILE | vitrine logs --file -")
            }
            isFirst = false
            found.streamBytes[file, default: 0] += count
            block.filled(count)
            block.takeLines(isLast: count == 0) { search($0, startingBefore: .max) }
            if count == 0 { return }
        }
    }

    /// What could be unpacked is searched, also of a file that ends in the middle.
    private func searchPacked(_ log: OpenLog) throws(LogProblem) {
        block.begin(at: 0)
        var waiting = 0
        let problem: LogProblem?
        do throws(LogProblem) {
            try LogUnpacker.unpack(log) { piece in
                block.append(piece)
                waiting += piece.count
                guard waiting >= block.size else { return }
                waiting = 0
                block.takeLines(isLast: false) { search($0, startingBefore: .max) }
            }
            problem = nil
        } catch {
            problem = error
        }
        block.takeLines(isLast: true) { search($0, startingBefore: .max) }
        if let problem { throw problem }
    }

    /// Whole lines.
    private func search(_ lines: LogBytes, startingBefore limit: Int) {
        let base = block.offset
        let lines = Self.head(of: lines, startingBefore: limit - base)
        if lines.isEmpty { return }
        let texts = texts ?? needles.rarest(in: lines.part(0, min(lines.count, Self.sample)))
        self.texts = .some(texts)
        if var texts { searchFor(&texts, in: lines, base) } else { searchAll(lines, base) }
    }

    private static func head(of lines: LogBytes, startingBefore limit: Int) -> LogBytes {
        guard limit < lines.count else { return lines }
        guard limit > 0 else { return lines.part(0, 0) }
        return lines.part(0, min(lineEnd(in: lines, from: limit - 1) + 1, lines.count))
    }

    /// The offset of the next line feed, or that of the end.
    private static func lineEnd(in lines: LogBytes, from place: Int) -> Int {
        guard let start = lines.baseAddress, let end = memchr(start + place, Int32(LogBlock.newline), lines.count - place) else { return lines.count }
        return UnsafeRawPointer(end) - UnsafeRawPointer(start)
    }

    private func searchFor(_ texts: inout vf_texts, in lines: LogBytes, _ base: Int) {
        guard let start = lines.baseAddress else { return }
        var place = 0
        while place < lines.count {
            let hit = vf_find(&texts, start, lines.count, place)
            guard hit < lines.count else { return }
            let before = vf_last_line_end(start + place, hit - place)
            let first = before == hit - place ? place : place + before + 1
            let end = Self.lineEnd(in: lines, from: hit)
            look(at: lines.part(first, end - first), base + first)
            place = end + 1
        }
    }

    private func searchAll(_ lines: LogBytes, _ base: Int) {
        var place = 0
        while place < lines.count {
            let end = Self.lineEnd(in: lines, from: place)
            if end > place { look(at: lines.part(place, end - place), base + place) }
            place = end + 1
        }
    }

    /// What some editors and shells put in front of a file.
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private func look(at line: LogBytes, _ offset: Int) {
        let isMarked = offset == 0 && line.starts(with: Self.byteOrderMark)
        let line = isMarked ? line.part(Self.byteOrderMark.count, line.count - Self.byteOrderMark.count) : line
        switch test.judge(line) {
        case .differs: return
        case .unreadable:
            if !LogLineReader.isBlank(line) { found.unreadable += 1 }
        case .matches:
            found.matched += 1
            if groups != nil { count() } else { keeper.offer(test.time, file: file, offset: offset, line) }
        }
    }

    private func count() {
        key.begin(at: test.time)
        test.forEachGroupValue { key.append($0) }
        groups?.add(key.whole, first: test.time, last: test.time)
    }
}

extension LogLineReader {
    static func isBlank(_ line: LogBytes) -> Bool { line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }
}
