internal import CFeedKernels

/// Where records start, at about one place a block: what lets several workers parse one file.
struct RecordMap: Sendable {
    struct Range: Sendable, Equatable {
        let start: Int
        let end: Int
        /// Physical line of the first byte.
        let line: Int
    }

    private(set) var ranges: [Range] = []
    /// The file ends inside quotes.
    private(set) var endsInQuotes = false
    private(set) var loneCRs = 0
    /// Place of the first NUL byte, and its line.
    private(set) var nul: (offset: Int, line: Int)?
    private(set) var hasNonASCII = false

    /// First each block is surveyed for both states it may start in; then the states are known from the quotes before it.
    ///
    /// That is only right while every quote opens, closes or is doubled. A quote amid an unquoted field (`12" screen`) breaks the count: from
    /// the block where one may be, records are followed one by one instead.
    static func make(_ source: any ByteSource, header: Header, options: FeedOptions, workers: Int) async throws -> RecordMap {
        let start = header.dataOffset
        let size = max(1, options.blockBytes)
        let total = source.byteCount - start
        guard total > 0 else { return RecordMap() }
        let delimiter = header.delimiter
        let surveys = try await Crew.run((total + size - 1) / size, workers: workers, tools: { BlockBuffer() }) { buffer, number in
            let offset = start + number * size
            let text = try buffer.read(source, at: offset - 1, count: min(size, source.byteCount - offset) + 1)
            let previous = number == 0 ? UInt8(ascii: "\n") : text[0]
            return Survey(vf_survey_block(text.base + 1, text.count - 1, previous, delimiter))
        }
        var map = RecordMap()
        try map.join(surveys, blockBytes: size, source: source, header: header)
        return map
    }

    private mutating func join(_ surveys: [Survey], blockBytes: Int, source: any ByteSource, header: Header) throws {
        var starts: [(offset: Int, line: Int)] = [(header.dataOffset, header.dataLine)]
        var state = 0
        var line = header.dataLine
        var isTrusted = true
        for (number, survey) in surveys.enumerated() {
            let offset = header.dataOffset + number * blockBytes
            loneCRs += survey.loneCRs
            hasNonASCII = hasNonASCII || survey.hasNonASCII
            if nul == nil, let at = survey.nulAt { nul = (offset + at, line + (try Self.newlines(source, from: offset, count: at))) }
            isTrusted = isTrusted && !survey.isStray[state]
            if isTrusted, number > 0, let end = survey.firstEnd[state] { starts.append((offset + end + 1, line + survey.linesToEnd[state])) }
            state ^= survey.quotes & 1
            line += survey.newlines
        }
        endsInQuotes = state == 1
        if !isTrusted {
            let follower = RecordFollower(source: source, delimiter: header.delimiter, blockBytes: blockBytes)
            endsInQuotes = try follower.follow(from: starts[starts.count - 1]) { starts.append($0) }
        }
        for (number, start) in starts.enumerated() {
            let end = number + 1 < starts.count ? starts[number + 1].offset : source.byteCount
            if end > start.offset { ranges.append(Range(start: start.offset, end: end, line: start.line)) }
        }
    }

    private static func newlines(_ source: any ByteSource, from offset: Int, count: Int) throws -> Int {
        let buffer = BlockBuffer()
        return try withExtendedLifetime(buffer) {
            try buffer.read(source, at: offset, count: count).buffer.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
        }
    }

    /// `vf_survey` in Swift's terms.
    private struct Survey: Sendable {
        let quotes: Int
        let newlines: Int
        let loneCRs: Int
        let nulAt: Int?
        let firstEnd: [Int?]
        let linesToEnd: [Int]
        let isStray: [Bool]
        let hasNonASCII: Bool

        init(_ survey: vf_survey) {
            quotes = Int(survey.quotes)
            newlines = Int(survey.newlines)
            loneCRs = Int(survey.lone_cr)
            nulAt = survey.nul_at == .max ? nil : Int(survey.nul_at)
            firstEnd = [survey.first_end.0 == .max ? nil : Int(survey.first_end.0), survey.first_end.1 == .max ? nil : Int(survey.first_end.1)]
            linesToEnd = [Int(survey.lines_to_end.0), Int(survey.lines_to_end.1)]
            isStray = [survey.stray.0, survey.stray.1]
            hasNonASCII = survey.non_ascii
        }
    }
}

/// Follows records one by one, where quotes cannot be counted.
struct RecordFollower {
    let source: any ByteSource
    let delimiter: UInt8
    let blockBytes: Int

    /// Reports a record start about every block. Returns whether the file ends inside quotes; stops at broken quoting or at a record that
    /// does not fit the window, for whoever parses the last range to report.
    func follow(from start: (offset: Int, line: Int), _ found: ((offset: Int, line: Int)) -> Void) throws -> Bool {
        let buffer = BlockBuffer()
        defer { withExtendedLifetime(buffer) {} }
        let window = max(blockBytes, Self.windowBytes)
        var (offset, line) = start
        var lastReported = offset
        while offset < source.byteCount {
            let text = try buffer.read(source, at: offset, count: min(window, source.byteCount - offset))
            let isLast = offset + text.count == source.byteCount
            var at = 0
            while at < text.count {
                let split = vf_split(text.base + at, text.count - at, delimiter, nil, 0)
                let end = at + Int(split.consumed)
                if split.status == UInt32(VF_TEXT_AFTER_QUOTE) { return false }
                if end == text.count, !isLast { break }  // may go on beyond the window
                if split.status == UInt32(VF_UNCLOSED) { return true }
                at = end
                line += Int(split.newlines)
                if offset + at - lastReported >= blockBytes, offset + at < source.byteCount {
                    lastReported = offset + at
                    found((offset + at, line))
                }
            }
            if at == 0 { return false }
            offset += at
        }
        return false
    }

    /// Larger than any record that is accepted.
    private static var windowBytes: Int { 4 << 20 }
}
