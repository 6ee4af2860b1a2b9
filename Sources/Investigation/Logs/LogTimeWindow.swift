import Events
import Glibc

/// Which part of a file can hold lines of a span of time, found without reading it: lines are in the order of time, but for a small disorder, since
/// several processes write some lines at once each.
struct LogTimeWindow {
    let file: OpenLog
    /// A line is never followed by one that is older than it by more than this. A writer holds lines back for seconds, a clock is set by less.
    static let disorder = Duration.seconds(15 * 60)
    /// Bytes looked at for a line with a time.
    private static let reach = 64 << 10
    /// Places looked at to see whether the file is in order at all, as `cat` of two files is not.
    private static let samples = 48
    /// A part smaller than this is not worth dividing, in bytes.
    private static let grain = 256 << 10

    /// All of it where it is seen to be not in order, or where lines have no times. Seen is a sample: `samples` places, the end of the file, and a
    /// grain outside of both ends of what is found.
    func range(since: Timestamp?, until: Timestamp?) -> Range<Int> {
        let whole = 0..<file.size
        guard since != nil || until != nil, file.size > 0, isInOrder else { return whole }
        let low = since.map { since in lastPlace { $0 < since + (.zero - Self.disorder) } } ?? 0
        let high = max(low, until.map { until in firstPlace { $0 > until + Self.disorder } } ?? file.size)
        func isAskedFor(_ time: Timestamp) -> Bool { time >= since ?? .distantPast && time < until ?? .distantFuture }
        let isWrong = holds(max(0, low - Self.grain)..<low, isAskedFor) || holds(high..<min(file.size, high + Self.grain), isAskedFor)
        return isWrong ? whole : low..<high
    }

    /// Whether a whole line in these bytes has such a time.
    private func holds(_ range: Range<Int>, _ isMeant: (Timestamp) -> Bool) -> Bool {
        guard !range.isEmpty else { return false }
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: range.count + LogBlock.padding, alignment: 64)
        defer { room.deallocate() }
        var count = 0
        while count < range.count,
            let more = try? file.read(into: UnsafeMutableRawBufferPointer(rebasing: room[count..<range.count]), at: range.lowerBound + count), more > 0
        { count += more }
        let bytes = LogBytes(room.bindMemory(to: UInt8.self)).part(0, count)
        let reader = LogLineReader(slots: [LogTime.slot])
        var place = 0
        while let end = bytes[place...].firstIndex(of: LogBlock.newline) {
            if reader.read(bytes.part(place, end - place)), let time = LogTime.read(reader.value(0)), isMeant(time) { return true }
            place = end + 1
        }
        return false
    }

    /// The begin of a line before which all are too old: only what was seen moves it up, so that disorder and lines without times can make it smaller and
    /// never wrong. No further than a grain from the last such line.
    private func lastPlace(_ isTooOld: (Timestamp) -> Bool) -> Int {
        var (low, high) = (0, file.size)
        while high - low > Self.grain {
            let middle = low + (high - low) / 2
            if let found = time(at: middle), found.start < high, isTooOld(found.time) { low = found.start } else { high = middle }
        }
        return low
    }

    /// The begin of a line from which on all are too new; as above.
    private func firstPlace(_ isTooNew: (Timestamp) -> Bool) -> Int {
        var (low, high) = (0, file.size)
        while high - low > Self.grain {
            let middle = low + (high - low) / 2
            if let found = time(at: middle), found.start < high, isTooNew(found.time) { high = found.start } else { low = middle }
        }
        return high
    }

    private var isInOrder: Bool {
        guard file.size > Self.grain else { return true }
        var newest = Timestamp.distantPast
        for sample in 0..<Self.samples {
            guard let found = time(at: file.size / Self.samples * sample) else { continue }
            if found.time + Self.disorder < newest { return false }
            newest = max(newest, found.time)
        }
        // Where a shorter file was put behind.
        return !holds(max(0, file.size - Self.grain)..<file.size) { $0 + Self.disorder < newest }
    }

    /// The first line with a time that begins at `offset` or behind it, within reach.
    private func time(at offset: Int) -> (start: Int, time: Timestamp)? {
        let start = max(0, offset - 1)
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.reach + LogBlock.padding, alignment: 64)
        defer { room.deallocate() }
        guard let count = try? file.read(into: UnsafeMutableRawBufferPointer(rebasing: room[..<Self.reach]), at: start), count > 0 else { return nil }
        let bytes = LogBytes(room.bindMemory(to: UInt8.self)).part(0, count)
        let reader = LogLineReader(slots: [LogTime.slot])
        var place = 0
        if offset > 0 {
            guard let end = bytes.firstIndex(of: LogBlock.newline) else { return nil }
            place = end + 1
        }
        while place < bytes.count {
            guard let end = bytes[place...].firstIndex(of: LogBlock.newline) else { return nil }
            if reader.read(bytes.part(place, end - place)), let time = LogTime.read(reader.value(0)) { return (start + place, time) }
            place = end + 1
        }
        return nil
    }
}

/// What the name of a file that was put aside says: `vitrine.20261121T075500Z.ndjson.gz` has no line later than that.
enum LogFileName {
    /// Nil for a name without a time.
    static func putAside(_ path: String) -> Timestamp? {
        let name = path.split(separator: "/").last ?? ""
        for part in name.split(separator: ".") {
            let stamp = part.utf8.prefix(16)
            guard stamp.count == 16, part.utf8.count == 16 || part.utf8.dropFirst(16).first == UInt8(ascii: "-") else { continue }
            let text = Array(part)
            let full = "\(String(text[0..<4]))-\(String(text[4..<6]))-\(String(text[6..<11])):\(String(text[11..<13])):\(String(text[13..<16]))"
            if let time = Timestamp(rfc3339: full) { return time }
        }
        return nil
    }
}
