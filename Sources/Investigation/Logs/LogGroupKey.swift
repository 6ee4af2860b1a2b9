import Events

/// The values that a group has in common, as bytes: for each a length (two bytes, or `missing`) and the value. In front the begin of the span. Written
/// over for each line; padded for the kernels. Owned by one task at a time.
final class LogGroupKey {
    private static let missing: UInt16 = .max
    /// Bytes.
    private static let longest = 8 + LogGrouping.mostFields * (2 + LogGroups.longestValue)

    private let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: LogGroupKey.longest + LogBlock.padding)
    private var count = 0
    /// Nanoseconds; 0 without a bucket.
    private let bucket: Int64

    init(bucket: Duration?) {
        self.bucket = bucket.map { max(1, Int64($0 / .nanoseconds(1))) } ?? 0
        bytes.initialize(repeating: 0, count: Self.longest + LogBlock.padding)
    }

    deinit { bytes.deallocate() }

    /// Good until the next one is begun.
    var whole: LogBytes { LogBytes(start: bytes, count: count) }

    /// Nothing without a bucket; a line without a time is in a span of its own.
    func begin(at time: Timestamp?) {
        count = 0
        guard bucket > 0 else { return }
        let start = time.map { Self.start(of: $0.nanoseconds, bucket) } ?? .min
        UnsafeMutableRawPointer(bytes).storeBytes(of: start.littleEndian, as: Int64.self)
        count = 8
    }

    func append(_ value: LogBytes?) {
        guard let value else { return append(Self.missing) }
        let kept = min(value.count, LogGroups.longestValue)
        append(UInt16(kept))
        if let from = value.baseAddress, count + kept <= Self.longest { (bytes + count).update(from: from, count: kept) }
        count += kept
    }

    private func append(_ number: UInt16) {
        UnsafeMutableRawPointer(bytes + count).storeBytes(of: number.littleEndian, as: UInt16.self)
        count += 2
    }

    static func read(_ key: ArraySlice<UInt8>, hasBucket: Bool) -> (bucket: Timestamp?, values: [String?]) {
        var rest = key
        var bucket: Timestamp?
        if hasBucket {
            let start = rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            bucket = Int64(bitPattern: start) == .min ? nil : Timestamp(nanoseconds: Int64(bitPattern: start))
            rest = rest.dropFirst(8)
        }
        var values: [String?] = []
        while let low = rest.first, let high = rest.dropFirst().first {
            let count = UInt16(low) | UInt16(high) << 8
            rest = rest.dropFirst(2)
            guard count != missing else {
                values.append(nil)
                continue
            }
            values.append(String(decoding: rest.prefix(Int(count)), as: UTF8.self))
            rest = rest.dropFirst(Int(count))
        }
        return (bucket, values)
    }

    /// The begin of the span that holds `value`. The first span begins where time does, one after the mark of a line without a time.
    private static func start(of value: Int64, _ length: Int64) -> Int64 {
        let rest = value % length
        let (start, isBefore) = value.subtractingReportingOverflow(rest < 0 ? rest + length : rest)
        return isBefore ? .min + 1 : max(start, .min + 1)
    }
}
