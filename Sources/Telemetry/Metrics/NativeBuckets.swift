import Synchronization

/// The buckets of Prometheus' native histograms, schema 3: each bound is 2^(1/8) times the one before, so that a quantile is off by 4.5 % at most.
/// A fixed stretch of them: what is at or below `zeroThreshold` is in the zero bucket, what is beyond the last bound in the last bucket.
///
/// Source: prometheus.io, "Native histograms"; the bounds are those of client_golang 1.x, `nativeHistogramBounds[3]`.
enum NativeBuckets {
    static let schema: Int32 = 3
    /// About a millisecond, and about a day and a half.
    static let zeroThreshold = 0x1p-10
    static let highest = 0x1p17
    /// With the zero bucket, which is the first place.
    static let count = (17 + 10) * perOctave + 1

    private static let perOctave = 8
    /// The key, as the exposition numbers buckets, of the place 0: its upper bound is the threshold.
    private static let firstKey = -10 * perOctave

    /// In which place a value is counted; `value` is no NaN and not negative. Branches only at the ends.
    @inline(__always)
    static func place(of value: Double) -> Int {
        if value <= zeroThreshold { return 0 }
        if value >= highest { return count - 1 }
        let bits = value.bitPattern
        let exponent = Int(truncatingIfNeeded: bits >> 52) - 1023
        return exponent * perOctave + stepsBelow(bits & mantissaMask) - firstKey
    }

    /// How many of the eight bounds of an octave, the first of which is its beginning, are below this mantissa.
    @inline(__always)
    private static func stepsBelow(_ mantissa: UInt64) -> Int {
        var steps = 0
        steps &+= mantissa > 0 ? 1 : 0
        steps &+= mantissa > 0x172b83c7d517b ? 1 : 0
        steps &+= mantissa > 0x306fe0a31b715 ? 1 : 0
        steps &+= mantissa > 0x4bfdad5362a27 ? 1 : 0
        steps &+= mantissa > 0x6a09e667f3bcc ? 1 : 0
        steps &+= mantissa > 0x8ace5422aa0db ? 1 : 0
        steps &+= mantissa > 0xae89f995ad3ac ? 1 : 0
        steps &+= mantissa > 0xd5818dcfba486 ? 1 : 0
        return steps
    }

    private static let mantissaMask: UInt64 = (1 << 52) - 1
    private static let mantissas: [UInt64] = [
        0, 0x172b83c7d517b, 0x306fe0a31b715, 0x4bfdad5362a27, 0x6a09e667f3bcc, 0x8ace5422aa0db, 0xae89f995ad3ac, 0xd5818dcfba486,
    ]

    /// As the exposition numbers the buckets: the upper bound of key k is 2^(k/8).
    static func key(at place: Int) -> Int { place + firstKey }

    static func upperBound(at place: Int) -> Double {
        let key = key(at: place)
        let octave = (key - (key < 0 ? perOctave - 1 : 0)) / perOctave
        return Double(sign: .plus, exponent: octave, significand: Double(bitPattern: UInt64(1023) << 52 | mantissas[key - octave * perOctave]))
    }
}

/// How the cells of one histogram series are laid out: one for each stretch between two neighbouring bounds, whether classic or native, so that an
/// observation is one addition for both. The place of a value is the sum of its classic and its native place, which both only rise with it.
struct HistogramShape: Sendable {
    /// Behind the last cell of each classic bucket, `+Inf` at the end.
    let classicEnds: [Int]
    /// The same for the native ones.
    let nativeEnds: [Int]
    /// Cells for counts; the sum is behind them, and behind that whether there was any observation: most series have none, and are not looked through.
    let count: Int
    var stored: Int { count + 2 }

    /// Cells a series takes in a snapshot: one for each classic bucket with `+Inf`, and the sum.
    var shown: Int { classicEnds.count + 1 }

    /// - Parameter bounds: the classic ones, rising, without `+Inf`.
    init(bounds: [Double]) {
        var classicEnds: [Int] = []
        var nativeEnds: [Int] = []
        while classicEnds.count < bounds.count || nativeEnds.count < NativeBuckets.count - 1 {
            let end = classicEnds.count + nativeEnds.count + 1
            let classic = classicEnds.count < bounds.count ? bounds[classicEnds.count] : .infinity
            let native = nativeEnds.count < NativeBuckets.count - 1 ? NativeBuckets.upperBound(at: nativeEnds.count) : .infinity
            if classic <= native { classicEnds.append(end) }
            if native <= classic { nativeEnds.append(end) }
        }
        count = bounds.count + NativeBuckets.count
        self.classicEnds = classicEnds + [count]
        self.nativeEnds = nativeEnds + [count]
    }

    /// Writes the counts of the classic buckets, each by itself, and the sum: `shown` numbers.
    func fold(_ cells: UnsafeMutablePointer<Atomic<UInt64>>, to target: UnsafeMutablePointer<UInt64>) {
        guard cells[count + 1].load(ordering: .relaxed) != 0 else { return target.initialize(repeating: 0, count: shown) }
        Self.add(cells, upTo: classicEnds, to: target)
        (target + classicEnds.count).initialize(to: cells[count].load(ordering: .relaxed))
    }

    /// Writes the counts of the native buckets: `NativeBuckets.count` numbers.
    func foldNative(_ cells: UnsafeMutablePointer<Atomic<UInt64>>, to target: UnsafeMutablePointer<UInt64>) {
        guard cells[count + 1].load(ordering: .relaxed) != 0 else { return target.initialize(repeating: 0, count: NativeBuckets.count) }
        Self.add(cells, upTo: nativeEnds, to: target)
    }

    private static func add(_ cells: UnsafeMutablePointer<Atomic<UInt64>>, upTo ends: [Int], to target: UnsafeMutablePointer<UInt64>) {
        var start = 0
        for (place, end) in ends.enumerated() {
            var total: UInt64 = 0
            for cell in start..<end { total &+= cells[cell].load(ordering: .relaxed) }
            (target + place).initialize(to: total)
            start = end
        }
    }
}
