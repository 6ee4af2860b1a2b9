import Synchronization

/// One series of a counter. Keeps its registry alive.
///
/// Sendable although it holds a pointer: the registry it retains owns the cell, and the cell is atomic.
public struct Counter: @unchecked Sendable {
    let registry: MetricRegistry
    let cell: UnsafeMutablePointer<Atomic<UInt64>>

    public func add(_ amount: UInt64 = 1) { cell.pointee.wrappingAdd(amount, ordering: .relaxed) }
}

/// One series of a histogram. Keeps its registry alive.
///
/// Sendable although it holds a pointer: the registry it retains owns the cells, and the cells are atomic.
public struct Histogram: @unchecked Sendable {
    let registry: MetricRegistry
    let cells: HistogramCells

    /// Adds one observation in the metric's base unit. A negative number or none is counted as dropped and answered with false.
    @discardableResult
    public func observe(_ value: Double) -> Bool {
        guard value >= 0, value < 9e9 else {
            registry.countDropped()
            return false
        }
        cells.add(value, sum: UInt64(value * MetricRegistry.sumScale + 0.5))
        return true
    }
}

/// The cells of one series in the layout of `HistogramShape`, and the bounds they were laid out for. Whoever made the cells keeps them alive.
struct HistogramCells {
    let first: UnsafeMutablePointer<Atomic<UInt64>>
    let buckets: [Double]

    /// - Parameters:
    ///   - value: no NaN and not negative.
    ///   - sum: the same in billionths.
    @inline(__always)
    func add(_ value: Double, sum: UInt64) {
        var bucket = 0
        while bucket < buckets.count, value > buckets[bucket] { bucket += 1 }
        first[NativeBuckets.place(of: value) + bucket].wrappingAdd(1, ordering: .relaxed)
        let end = NativeBuckets.count + buckets.count
        first[end].wrappingAdd(sum, ordering: .relaxed)
        if first[end + 1].load(ordering: .relaxed) == 0 { first[end + 1].store(1, ordering: .relaxed) }
    }
}
