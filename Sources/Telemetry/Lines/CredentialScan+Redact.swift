import CFeedKernels

extension CredentialScan {
    /// Hides what looks like a credential in the line.
    func redact(_ buffer: inout LineBuffer) {
        guard let ranges = buffer.withPadded(Self.chunk + 1, { findings(in: $0) }), !ranges.isEmpty else { return }
        let line = buffer.copy
        var clean: [UInt8] = []
        clean.reserveCapacity(line.count)
        var position = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound > position {
            if range.lowerBound >= position { clean += line[position..<range.lowerBound] + Self.mark }
            position = range.upperBound
        }
        buffer.replace(with: clean + line[position...])
    }

    private static let chunk = Int(VF_LINE_STEP)

    /// Nil where nothing was found, which is nearly always, so that the search costs no allocation.
    private func findings(in line: UnsafeBufferPointer<UInt8>) -> [Range<Int>]? {
        guard let base = line.baseAddress else { return nil }
        var found: [Range<Int>]?
        for anchors in anchors {
            var position = 0
            while position < line.count {
                position = anchors.withUnsafeBufferPointer { vf_line_anchor(base, position, line.count, $0.baseAddress, $0.count / 2) }
                guard position < line.count else { break }
                for place in position..<min(position + Self.chunk, line.count - 1) {
                    for needle in needles where line[place] == needle.first && line[place + 1] == needle.second {
                        if let range = needle.match(in: line, anchorAt: place) { found = (found ?? []) + [range] }
                    }
                }
                position += Self.chunk
            }
        }
        return found
    }

    /// The anchors of all needles, each pair once, in lists that the search takes.
    static func anchors(of needles: [Needle]) -> [[UInt8]] {
        let pairs = Set(needles.map { [$0.first, $0.second] }).sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
        return stride(from: 0, to: pairs.count, by: Int(VF_LINE_MOST_PAIRS)).map { start in
            pairs[start..<min(start + Int(VF_LINE_MOST_PAIRS), pairs.count)].flatMap(\.self)
        }
    }
}

extension LineBuffer {
    /// The bytes of the line, with at least `padding` readable bytes of no meaning behind them.
    mutating func withPadded<Result>(_ padding: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        write(atMost: padding) { _ in 0 }
        return withBytes { $0.withUnsafeBytes { body($0.assumingMemoryBound(to: UInt8.self)) } }
    }
}
