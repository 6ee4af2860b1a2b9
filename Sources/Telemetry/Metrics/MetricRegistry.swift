public import Events
import Synchronization

/// All series of all metrics, made at zero at start and kept to the end of the process. `Counter` and `Histogram`, which the busy places keep at hand,
/// change one cell by one atomic operation, of a histogram two: no lock, no allocation, and no reader makes them wait. `apply` beside that remembers the
/// change as the exemplar of its cell where it happened in a run: behind a lock, in a dictionary that is copied when a snapshot of it is still in use.
///
/// Sendable although it holds a raw pointer: the pointer is set once in `init` and freed in `deinit`, all cells are initialized in between,
/// and every access to a cell is atomic.
public final class MetricRegistry: @unchecked Sendable {
    public let families: [MetricFamily]
    /// When its counters and histograms began at zero; nil where nobody is told.
    public let created: Timestamp?
    /// What its series were made of.
    let values: GivenLabelValues
    private let familyOf: [MetricName: MetricFamily]
    private let cells: UnsafeMutablePointer<Atomic<UInt64>>
    private let storedCount: Int
    let cellCount: Int
    private let nativeCount: Int
    /// What libraries report beside it; nil where nobody asks them.
    public let library: LibraryMetrics?
    /// The families as every format shows them.
    private let exposed: [ExposedFamily]
    private let dropped: Int?
    /// In a snapshot.
    private let libraryDropped: Int?
    /// By cell of a snapshot.
    private let exemplars = Mutex<[Int: Exemplar]>([:])

    /// A histogram's sum is kept in billionths of its base unit, so that adding to it is one operation; it can hold 584 years.
    static let sumScale = 1e9
    /// In the cell of a gauge that nobody has set: a NaN with a mark that no reckoning makes. It is shown as zero, and not kept for later processes.
    private static let unset: UInt64 = 0x7FF4_0000_0000_5E77

    public init(_ values: GivenLabelValues, created: Timestamp? = nil, library: LibraryMetrics? = nil) {
        self.values = values
        var families: [MetricFamily] = []
        var cellCount = 0
        var storedCount = 0
        for metric in MetricName.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
            let family = MetricFamily(metric, values: values, firstCell: cellCount, firstStored: storedCount)
            families.append(family)
            cellCount += family.cellCount
            storedCount += family.storedCount
        }
        self.families = families
        self.created = created
        self.library = library
        exposed = ExposedFamily.catalogue(families, created: created)
        nativeCount = families.reduce(0) { $0 + ($1.shape == nil ? 0 : $1.series.count * NativeBuckets.count) }
        self.cellCount = cellCount
        self.storedCount = storedCount
        let familyOf = Dictionary(uniqueKeysWithValues: families.map { ($0.metric, $0) })
        self.familyOf = familyOf
        dropped = familyOf[.telemetryDropped].flatMap { family in
            family.place(pipeline: nil, LabelValue(.sink, TelemetrySink.metrics.rawValue), nil).map { family.firstStored + $0 }
        }
        libraryDropped = familyOf[.telemetryDropped]?.cell(pipeline: nil, LabelValue(.sink, TelemetrySink.libraryMetrics.rawValue), nil)
        cells = .allocate(capacity: storedCount)
        for index in 0..<storedCount { (cells + index).initialize(to: Atomic(0)) }
        for family in families where family.declaration.kind == .gauge {
            for place in family.series.indices { cells[family.firstStored + place].store(Self.unset, ordering: .relaxed) }
        }
        set(.buildInfo, 1, LabelValue(.version, values.version))
    }

    /// The same series, and new ones for other values of the labels, all of them going on from where this one stands. A series once shown
    /// stays, also where the new values lack it. Whoever makes changes has to stop meanwhile.
    public func extended(with other: GivenLabelValues) -> MetricRegistry {
        let extended = MetricRegistry(values.united(with: other), created: created, library: library)
        let known = exemplars.withLock(\.self)
        for family in families {
            guard let target = extended.familyOf[family.metric] else { continue }
            for index in family.series.indices {
                let labels = family.series[index].labels
                let own = labels.filter { $0.name != .pipeline }
                let pipeline = labels.first { $0.name == .pipeline }?.value
                guard let place = target.place(pipeline: pipeline, own.first, own.dropFirst().first) else { continue }
                let from = family.firstStored + index * family.storedPerSeries
                let to = target.firstStored + place * family.storedPerSeries
                for offset in 0..<family.storedPerSeries {
                    extended.cells[to + offset].store(cells[from + offset].load(ordering: .relaxed), ordering: .relaxed)
                }
                for offset in 0..<family.cellsPerSeries {
                    guard let exemplar = known[family.firstCell + index * family.cellsPerSeries + offset] else { continue }
                    extended.exemplars.withLock { $0[target.firstCell + place * family.cellsPerSeries + offset] = exemplar }
                }
            }
        }
        return extended
    }

    deinit {
        cells.deinitialize(count: storedCount)
        cells.deallocate()
    }

    /// Applies a change of an event. What fits no series (an unknown label value, a kind of change the metric does not take, a number that is
    /// no number) is counted in `telemetry_dropped_total{sink="metrics"}`. True if it was applied.
    /// - Parameter context: where it happened, with the time, so that it can stand beside the number as its exemplar.
    @discardableResult
    public func apply(_ change: Signal.MetricChange, pipeline: String?, in context: TraceContext? = nil, at time: Timestamp? = nil) -> Bool {
        switch change.kind {
        case .add:
            guard let amount = UInt64(exactly: change.value) else { break }
            guard let (family, place) = series(.counter, change.metric, pipeline, change.first, change.second) else { return false }
            cells[family.firstStored + place].wrappingAdd(amount, ordering: .relaxed)
            if amount > 0 { keep(change.value, context, time, at: family.firstCell + place) }
            return true
        case .revise:
            return series(.counter, change.metric, pipeline, change.first, change.second) != nil
        case .set:
            guard let (family, place) = series(.gauge, change.metric, pipeline, change.first, change.second) else { return false }
            cells[family.firstStored + place].store(change.value.bitPattern, ordering: .relaxed)
            return true
        case .observe:
            guard let (family, place) = series(.histogram, change.metric, pipeline, change.first, change.second) else { return false }
            guard histogram(of: family, place).observe(change.value) else { return false }
            let bucket = family.declaration.buckets.firstIndex { change.value <= $0 } ?? family.declaration.buckets.count
            keep(change.value, context, time, at: family.firstCell + place * family.cellsPerSeries + bucket)
            return true
        }
        countDropped()
        return false
    }

    private func keep(_ value: Double, _ context: TraceContext?, _ time: Timestamp?, at cell: Int) {
        guard let context, let time else { return }
        exemplars.withLock { $0[cell] = Exemplar(value: value, time: time, context: context) }
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
        series(.counter, metric, pipeline, first, second).map { Counter(registry: self, cell: cells + $0.family.firstStored + $0.place) }
    }

    /// A histogram to keep at hand. Nil, and counted as dropped, where there is no such series.
    public func histogram(
        _ metric: MetricName, pipeline: String? = nil, _ first: LabelValue? = nil, _ second: LabelValue? = nil
    ) -> Histogram? {
        series(.histogram, metric, pipeline, first, second).map { histogram(of: $0.family, $0.place) }
    }

    private func histogram(of family: MetricFamily, _ place: Int) -> Histogram {
        Histogram(
            registry: self,
            cells: HistogramCells(first: cells + family.firstStored + place * family.storedPerSeries, buckets: family.declaration.buckets))
    }

    /// All values as they are now, with those of the libraries. Each is read by itself: a change under way may be in one series and not yet in another.
    /// - Parameter native: with the counts of native buckets.
    public func snapshot(native: Bool = false) -> MetricSnapshot {
        let told = library?.reading(native: native)
        let unset = unsetCells
        let values = [UInt64](unsafeUninitializedCapacity: cellCount + (told?.cells.count ?? 0)) { buffer, count in
            guard let target = buffer.baseAddress else { return }
            for family in families {
                for index in family.series.indices { fold(family, index, to: target + family.firstCell + index * family.cellsPerSeries) }
            }
            if let lost = libraryDropped, let told { target[lost] = told.dropped }
            count = cellCount + (told.map { $0.copyCells(to: target + cellCount) } ?? 0)
        }
        let nativeCounts = native ? nativeCounts(told) : []
        return MetricSnapshot(
            families: families, catalogue: exposed, cells: values, native: nativeCounts, library: told?.layout ?? LibraryLayout(), exemplars: exemplars.withLock(\.self),
            unset: unset)
    }

    private func fold(_ family: MetricFamily, _ index: Int, to target: UnsafeMutablePointer<UInt64>) {
        let first = cells + family.firstStored + index * family.storedPerSeries
        if let shape = family.shape { return shape.fold(first, to: target) }
        let bits = first.pointee.load(ordering: .relaxed)
        target.initialize(to: bits == Self.unset && family.declaration.kind == .gauge ? 0 : bits)
    }

    /// In a snapshot.
    private var unsetCells: Set<Int> {
        var found: Set<Int> = []
        for family in families where family.declaration.kind == .gauge {
            for place in family.series.indices where cells[family.firstStored + place].load(ordering: .relaxed) == Self.unset { found.insert(family.firstCell + place) }
        }
        return found
    }

    private func nativeCounts(_ told: LibraryReading?) -> [UInt64] {
        [UInt64](unsafeUninitializedCapacity: nativeCount + (told?.native.count ?? 0)) { buffer, count in
            guard let target = buffer.baseAddress else { return }
            for family in families {
                guard let shape = family.shape else { continue }
                for index in family.series.indices {
                    shape.foldNative(cells + family.firstStored + index * family.storedPerSeries, to: target + count)
                    count += NativeBuckets.count
                }
            }
            for number in told?.native ?? [] {
                (target + count).initialize(to: number)
                count += 1
            }
        }
    }

    private func series(
        _ kind: MetricDeclaration.Kind, _ metric: MetricName, _ pipeline: String?, _ first: LabelValue?, _ second: LabelValue?
    ) -> (family: MetricFamily, place: Int)? {
        guard let family = familyOf[metric], family.declaration.kind == kind, let place = family.place(pipeline: pipeline, first, second) else {
            countDropped()
            return nil
        }
        return (family, place)
    }

    func countDropped() {
        if let dropped { cells[dropped].wrappingAdd(1, ordering: .relaxed) }
    }
}
