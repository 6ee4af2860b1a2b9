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
    let cells: UnsafeMutablePointer<Atomic<UInt64>>
    let buckets: [Double]

    /// Adds one observation in the metric's base unit. A negative number or none is counted as dropped and answered with false.
    @discardableResult
    public func observe(_ value: Double) -> Bool {
        guard value >= 0, value < 9e9 else {
            registry.countDropped()
            return false
        }
        var bucket = 0
        while bucket < buckets.count, value > buckets[bucket] { bucket += 1 }
        cells[NativeBuckets.place(of: value) + bucket].wrappingAdd(1, ordering: .relaxed)
        let sum = NativeBuckets.count + buckets.count
        cells[sum].wrappingAdd(UInt64(value * MetricRegistry.sumScale + 0.5), ordering: .relaxed)
        if cells[sum + 1].load(ordering: .relaxed) == 0 { cells[sum + 1].store(1, ordering: .relaxed) }
        return true
    }
}
