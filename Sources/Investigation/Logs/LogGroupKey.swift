import Events

/// The values that a group has in common, as bytes: for each a length (two bytes, or `missing`) and the value. In front the begin of the span.
enum LogGroupKey {
    private static let missing: UInt16 = .max

    static func write(_ value: LogBytes?, to key: inout [UInt8]) {
        guard let value else { return write(missing, to: &key) }
        let kept = value.prefix(LogGroups.longestValue)
        write(UInt16(kept.count), to: &key)
        key.append(contentsOf: kept)
    }

    /// Nothing without a bucket; a line without a time is in a span of its own.
    static func write(bucket: Duration?, at time: Timestamp?, to key: inout [UInt8]) {
        guard let bucket else { return }
        let length = max(1, Int64(bucket / .nanoseconds(1)))
        let start = time.map { $0.nanoseconds - modulo($0.nanoseconds, length) } ?? .min
        withUnsafeBytes(of: start.littleEndian) { key.append(contentsOf: $0) }
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

    private static func write(_ number: UInt16, to key: inout [UInt8]) {
        key.append(UInt8(truncatingIfNeeded: number))
        key.append(UInt8(truncatingIfNeeded: number >> 8))
    }

    private static func modulo(_ value: Int64, _ length: Int64) -> Int64 {
        let rest = value % length
        return rest < 0 ? rest + length : rest
    }
}
