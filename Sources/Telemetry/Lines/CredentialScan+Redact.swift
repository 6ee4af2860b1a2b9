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

    private static let chunk = 16

    /// Nil where nothing was found, which is nearly always, so that the search costs no allocation.
    private func findings(in line: UnsafeBufferPointer<UInt8>) -> [Range<Int>]? {
        guard let base = line.baseAddress else { return nil }
        var found: [Range<Int>]?
        var position = 0
        while position < line.count {
            let here = UnsafeRawPointer(base + position).loadUnaligned(as: SIMD16<UInt8>.self)
            let next = UnsafeRawPointer(base + position + 1).loadUnaligned(as: SIMD16<UInt8>.self)
            if anchors.stand(in: here, next) {
                for place in position..<min(position + Self.chunk, line.count - 1) {
                    for needle in needles where line[place] == needle.first && line[place + 1] == needle.second {
                        if let range = needle.match(in: line, anchorAt: place) { found = (found ?? []) + [range] }
                    }
                }
            }
            position += Self.chunk
        }
        return found
    }
}

/// The anchors of all needles, each pair once, spread over a vector.
struct Anchors: Sendable {
    private let pairs: [(SIMD16<UInt8>, SIMD16<UInt8>)]

    init(_ needles: [Needle]) {
        pairs = Set(needles.map { [$0.first, $0.second] }).map { (SIMD16(repeating: $0[0]), SIMD16(repeating: $0[1])) }
    }

    @inline(__always)
    func stand(in here: SIMD16<UInt8>, _ next: SIMD16<UInt8>) -> Bool {
        var hits = SIMD2<UInt64>.zero
        for (first, second) in pairs { hits |= unsafeBitCast((here .== first) .& (next .== second), to: SIMD2<UInt64>.self) }
        return hits.x | hits.y != 0
    }
}

extension LineBuffer {
    /// The bytes of the line, with at least `padding` readable bytes of no meaning behind them.
    mutating func withPadded<Result>(_ padding: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        write(atMost: padding) { _ in 0 }
        return withBytes { $0.withUnsafeBytes { body($0.assumingMemoryBound(to: UInt8.self)) } }
    }
}
