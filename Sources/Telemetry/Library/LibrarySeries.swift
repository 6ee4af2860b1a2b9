import Events
import Synchronization

/// What a library can report, and how it is exposed.
enum LibraryKind: Sendable {
    /// Counts up, also by fractions.
    case counter
    case gauge
    /// A histogram of seconds, with native buckets.
    case timer
    /// A histogram of anything. Without native buckets: their stretch is one of times, and a quantile of bytes read from it would be wrong.
    case recorder

    /// Upper bounds without `+Inf`; swift-metrics lets a library say none.
    var buckets: [Double] {
        switch self {
        case .counter, .gauge: []
        case .timer: [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120]
        case .recorder: [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000]
        }
    }

    /// Cells in a snapshot.
    var shown: Int { self == .counter || self == .gauge ? 1 : buckets.count + 2 }

    /// Of timers.
    static let shape = HistogramShape(bounds: LibraryKind.timer.buckets)
}

/// The cells of one series. A change is one or two atomic operations: no lock, no allocation.
///
/// Sendable although it holds a raw pointer: the pointer is set once in `init` and freed in `deinit`, all cells are initialized in between,
/// and every access to a cell is atomic. What else changes is atomic too.
final class LibrarySeries: @unchecked Sendable {
    let kind: LibraryKind
    let labels: [ExposedFamily.Label]
    private let buckets: [Double]
    private let cells: UnsafeMutablePointer<Atomic<UInt64>>
    private let count: Int
    private let shown: Atomic<Bool>
    /// Nanoseconds since 1970.
    private let began: Atomic<Int64>

    /// - Parameter isShown: false for one that went beyond a bound: its changes are counted as dropped.
    init(_ kind: LibraryKind, _ labels: [ExposedFamily.Label], created: Timestamp, isShown: Bool) {
        self.kind = kind
        self.labels = labels
        buckets = kind.buckets
        count = !isShown ? 1 : kind == .timer ? LibraryKind.shape.stored : kind.shown
        cells = .allocate(capacity: count)
        for index in 0..<count { (cells + index).initialize(to: Atomic(0)) }
        shown = Atomic(isShown)
        began = Atomic(created.nanoseconds)
    }

    deinit {
        cells.deinitialize(count: count)
        cells.deallocate()
    }

    var created: Timestamp { Timestamp(nanoseconds: began.load(ordering: .relaxed)) }

    /// False once nobody exposes it any more, and from the start for one that went beyond a bound.
    var isShown: Bool { shown.load(ordering: .relaxed) }
    func hide() { shown.store(false, ordering: .relaxed) }

    /// A counter begins anew.
    func restart(at now: Timestamp) {
        cells[0].store(0, ordering: .relaxed)
        began.store(now.nanoseconds, ordering: .relaxed)
    }

    func set(_ value: Double) { cells[0].store(value.bitPattern, ordering: .relaxed) }

    func add(_ amount: Double) { Self.add(amount, to: cells) }

    /// Of a timer; not negative.
    func observe(nanoseconds: UInt64) {
        HistogramCells(first: cells, buckets: buckets).add(Double(nanoseconds) / MetricRegistry.sumScale, sum: nanoseconds)
    }

    /// Of a recorder; finite and not negative.
    func observe(_ value: Double) {
        var bucket = 0
        while bucket < buckets.count, value > buckets[bucket] { bucket += 1 }
        cells[bucket].wrappingAdd(1, ordering: .relaxed)
        Self.add(value, to: cells + buckets.count + 1)
    }

    private static func add(_ amount: Double, to cell: UnsafeMutablePointer<Atomic<UInt64>>) {
        var known = cell.pointee.load(ordering: .relaxed)
        while true {
            let sum = (Double(bitPattern: known) + amount).bitPattern
            let (isDone, found) = cell.pointee.weakCompareExchange(expected: known, desired: sum, ordering: .relaxed)
            if isDone { return }
            known = found
        }
    }

    /// Writes what a snapshot shows of it: `kind.shown` numbers.
    func fold(to target: UnsafeMutablePointer<UInt64>) {
        if kind == .timer { return LibraryKind.shape.fold(cells, to: target) }
        for index in 0..<count { (target + index).initialize(to: cells[index].load(ordering: .relaxed)) }
    }

    /// Of a timer.
    func foldNative(to target: UnsafeMutablePointer<UInt64>) { LibraryKind.shape.foldNative(cells, to: target) }
}
