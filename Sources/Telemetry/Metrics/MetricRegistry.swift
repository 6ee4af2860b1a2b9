public import Events
import Synchronization

/// All series of all metrics, made at zero at start and kept to the end of the process. A change is one atomic operation on one cell: no
/// lock, no allocation, and a reader never makes a writer wait.
///
/// Sendable although it holds a raw pointer: the pointer is set once in `init` and freed in `deinit`, all cells are initialized in between,
/// and every access to a cell is atomic.
public final class MetricRegistry: @unchecked Sendable {
    public let families: [MetricFamily]
    private let familyOf: [MetricName: MetricFamily]
    private let cells: UnsafeMutablePointer<Atomic<UInt64>>
    let cellCount: Int
    private let dropped: Int?

    /// A histogram's sum is kept in billionths of its base unit, so that adding to it is one operation; it can hold 584 years.
    static let sumScale = 1e9

    public init(_ values: GivenLabelValues) {
        var families: [MetricFamily] = []
        var cellCount = 0
        for metric in MetricName.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
            let family = MetricFamily(metric, values: values, firstCell: cellCount)
            families.append(family)
            cellCount += family.cellCount
        }
        self.families = families
        self.cellCount = cellCount
        familyOf = Dictionary(uniqueKeysWithValues: families.map { ($0.metric, $0) })
        dropped = familyOf[.telemetryDropped]?.cell(pipeline: nil, LabelValue(.sink, TelemetrySink.metrics.rawValue), nil)
        cells = .allocate(capacity: cellCount)
        for index in 0..<cellCount { (cells + index).initialize(to: Atomic(0)) }
        set(.buildInfo, 1, LabelValue(.version, values.version))
    }

    /// The same series, and new ones for other values of the labels, all of them going on from where this one stands. A series once shown
    /// stays. Whoever makes changes has to stop meanwhile.
    public func extended(with values: GivenLabelValues) -> MetricRegistry {
        let extended = MetricRegistry(values)
        let now = snapshot()
        for family in families {
            for index in family.series.indices {
                let labels = family.series[index].labels
                let own = labels.filter { $0.name != .pipeline }
                let pipeline = labels.first { $0.name == .pipeline }?.value
                guard let target = extended.familyOf[family.metric]?.cell(pipeline: pipeline, own.first, own.dropFirst().first) else { continue }
                let cell = family.firstCell + index * family.cellsPerSeries
                for offset in 0..<family.cellsPerSeries { extended.cells[target + offset].store(now.cells[cell + offset], ordering: .relaxed) }
            }
        }
        return extended
    }

    deinit {
        cells.deinitialize(count: cellCount)
        cells.deallocate()
    }

    /// Applies a change of an event. What fits no series (an unknown label value, a kind of change the metric does not take, a number that is
    /// no number) is counted in `telemetry_dropped_total{sink="metrics"}`. True if it was applied.
    @discardableResult
    public func apply(_ change: Signal.MetricChange, pipeline: String?) -> Bool {
        switch change.kind {
        case .add:
            guard let amount = UInt64(exactly: change.value) else { break }
            return counter(change.metric, pipeline: pipeline, change.first, change.second)?.add(amount) != nil
        case .set:
            guard let cell = cell(.gauge, change.metric, pipeline, change.first, change.second) else { return false }
            cells[cell].store(change.value.bitPattern, ordering: .relaxed)
            return true
        case .observe:
            return histogram(change.metric, pipeline: pipeline, change.first, change.second)?.observe(change.value) ?? false
        }
        countDropped()
        return false
    }

    /// Sets a gauge, for what is known at start or is measured when scraped.
    @discardableResult
    public func set(_ metric: MetricName, _ value: Double, pipeline: String? = nil, _ first: LabelValue? = nil) -> Bool {
        apply(Signal.MetricChange(.set, metric, value, first), pipeline: pipeline)
    }

    /// A counter to keep at hand where it is added to often. Nil, and counted as dropped, where there is no such series.
    public func counter(
        _ metric: MetricName, pipeline: String? = nil, _ first: LabelValue? = nil, _ second: LabelValue? = nil
    ) -> Counter? {
        cell(.counter, metric, pipeline, first, second).map { Counter(registry: self, cell: cells + $0) }
    }

    /// A histogram to keep at hand. Nil, and counted as dropped, where there is no such series.
    public func histogram(
        _ metric: MetricName, pipeline: String? = nil, _ first: LabelValue? = nil, _ second: LabelValue? = nil
    ) -> Histogram? {
        guard let cell = cell(.histogram, metric, pipeline, first, second), let family = familyOf[metric] else { return nil }
        return Histogram(registry: self, cells: cells + cell, buckets: family.declaration.buckets)
    }

    /// All values as they are now. Each is read by itself: a change under way may be in one series and not yet in another.
    public func snapshot() -> MetricSnapshot {
        let values = [UInt64](unsafeUninitializedCapacity: cellCount) { buffer, count in
            for index in 0..<cellCount { buffer.initializeElement(at: index, to: cells[index].load(ordering: .relaxed)) }
            count = cellCount
        }
        return MetricSnapshot(families: families, cells: values)
    }

    private func cell(
        _ kind: MetricDeclaration.Kind, _ metric: MetricName, _ pipeline: String?, _ first: LabelValue?, _ second: LabelValue?
    ) -> Int? {
        guard let family = familyOf[metric], family.declaration.kind == kind,
            let cell = family.cell(pipeline: pipeline, first, second)
        else {
            countDropped()
            return nil
        }
        return cell
    }

    func countDropped() {
        if let dropped { cells[dropped].wrappingAdd(1, ordering: .relaxed) }
    }
}

/// One series of a counter. Keeps its registry alive.
///
/// Sendable although it holds a pointer: the registry it retains owns the cell, and the cell is atomic.
public struct Counter: @unchecked Sendable {
    fileprivate let registry: MetricRegistry
    fileprivate let cell: UnsafeMutablePointer<Atomic<UInt64>>

    public func add(_ amount: UInt64 = 1) { cell.pointee.wrappingAdd(amount, ordering: .relaxed) }
}

/// One series of a histogram. Keeps its registry alive.
///
/// Sendable although it holds a pointer: the registry it retains owns the cells, and the cells are atomic.
public struct Histogram: @unchecked Sendable {
    fileprivate let registry: MetricRegistry
    fileprivate let cells: UnsafeMutablePointer<Atomic<UInt64>>
    fileprivate let buckets: [Double]

    /// Adds one observation in the metric's base unit. A negative number or none is counted as dropped and answered with false.
    @discardableResult
    public func observe(_ value: Double) -> Bool {
        guard value >= 0, value < 9e9 else {
            registry.countDropped()
            return false
        }
        var bucket = 0
        while bucket < buckets.count, value > buckets[bucket] { bucket += 1 }
        cells[bucket].wrappingAdd(1, ordering: .relaxed)
        cells[buckets.count + 1].wrappingAdd(UInt64(value * MetricRegistry.sumScale + 0.5), ordering: .relaxed)
        return true
    }
}
