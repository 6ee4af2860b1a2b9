public import CoreMetrics
public import Events
import Synchronization

/// What the libraries of this process report through swift-metrics: a factory for them, and figures beside the closed catalogue for whoever reads a
/// snapshot. Not ours, so not declared: names and labels are the libraries' own, within bounds. What goes beyond the bounds, or is no number that can be
/// counted, is counted in `telemetry_dropped_total{sink="library_metrics"}`.
///
/// A change of a series is an atomic operation or two. Making and destroying one takes a lock, which a snapshot holds while it reads the cells.
public final class LibraryMetrics: Sendable {
    public static let mostFamilies = 64
    public static let mostSeriesOfAFamily = 128
    /// Over all families.
    public static let mostSeries = 512

    private let clock: @Sendable () -> Timestamp
    private let book: Mutex<LibraryBook>
    private let dropped = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - scan: knows the secrets; what looks like one is hidden in a label's value.
    ///   - clock: the time of day, for the beginnings of series.
    public init(scan: CredentialScan = CredentialScan(), clock: @escaping @Sendable () -> Timestamp) {
        self.clock = clock
        book = Mutex(LibraryBook(scan: scan))
    }

    /// Other secrets are known. Series that already show one are taken out.
    func look(for scan: CredentialScan) { book.withLock { $0.look(for: scan) } }

    func reading(native: Bool) -> LibraryReading {
        let layout = book.withLock { $0.layout() }
        return LibraryReading(layout, dropped: dropped.load(ordering: .relaxed), native: native)
    }

    fileprivate func countDropped() { dropped.wrappingAdd(1, ordering: .relaxed) }

    fileprivate func series(_ label: String, _ dimensions: [(String, String)], _ kind: LibraryKind) -> LibrarySeries {
        let now = clock()
        return book.withLock { $0.series(label, dimensions, kind, at: now) } ?? LibrarySeries(kind, [], created: now, isShown: false)
    }

    fileprivate func release(_ series: LibrarySeries) { book.withLock { $0.release(series) } }

    fileprivate func restart(_ series: LibrarySeries) {
        let now = clock()
        book.withLock { $0.restart(series, at: now) }
    }
}

/// The libraries' part of a snapshot.
struct LibraryReading {
    let layout: LibraryLayout
    let cells: [UInt64]
    /// Empty where nobody asked.
    let native: [UInt64]
    /// Changes that no series took.
    let dropped: UInt64

    init(_ layout: LibraryLayout, dropped: UInt64, native: Bool) {
        self.layout = layout
        self.dropped = dropped
        cells = [UInt64](unsafeUninitializedCapacity: layout.cellCount) { buffer, count in
            guard let target = buffer.baseAddress else { return }
            for series in layout.series {
                series.fold(to: target + count)
                count += series.kind.shown
            }
        }
        self.native = !native ? [] : [UInt64](unsafeUninitializedCapacity: layout.nativeCount) { buffer, count in
            guard let target = buffer.baseAddress else { return }
            for series in layout.series where series.kind == .timer {
                series.foldNative(to: target + count)
                count += NativeBuckets.count
            }
        }
    }

    /// How many there are.
    func copyCells(to target: UnsafeMutablePointer<UInt64>) -> Int {
        for (place, number) in cells.enumerated() { (target + place).initialize(to: number) }
        return cells.count
    }
}

extension LibraryMetrics: MetricsFactory {
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { handler(label, dimensions, .counter) }

    public func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        handler(label, dimensions, .counter)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { handler(label, dimensions, .gauge) }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        handler(label, dimensions, aggregate ? .recorder : .gauge)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { handler(label, dimensions, .timer) }

    public func destroyCounter(_ handler: any CounterHandler) { (handler as? LibraryHandler)?.destroy() }
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { (handler as? LibraryHandler)?.destroy() }
    public func destroyMeter(_ handler: any MeterHandler) { (handler as? LibraryHandler)?.destroy() }
    public func destroyRecorder(_ handler: any RecorderHandler) { (handler as? LibraryHandler)?.destroy() }
    public func destroyTimer(_ handler: any TimerHandler) { (handler as? LibraryHandler)?.destroy() }

    private func handler(_ label: String, _ dimensions: [(String, String)], _ kind: LibraryKind) -> LibraryHandler {
        LibraryHandler(series: series(label, dimensions, kind), metrics: self)
    }
}

/// What a library holds of a series, whatever its kind. What cannot be counted (no number, a step back of what only rises) is counted as dropped.
private final class LibraryHandler: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    private let series: LibrarySeries
    private let metrics: LibraryMetrics
    private let isDestroyed = Atomic<Bool>(false)

    init(series: LibrarySeries, metrics: LibraryMetrics) {
        self.series = series
        self.metrics = metrics
    }

    /// Once, however often it is told.
    func destroy() {
        if !isDestroyed.exchange(true, ordering: .relaxed) { metrics.release(series) }
    }

    private func change(if isNumber: Bool, _ change: () -> Void) {
        if isNumber, series.isShown { change() } else { metrics.countDropped() }
    }

    func increment(by amount: Int64) { increment(by: Double(amount)) }

    /// Of a counter and of a meter.
    func increment(by amount: Double) { change(if: amount.isFinite && amount >= 0) { series.add(amount) } }
    func decrement(by amount: Double) { change(if: amount.isFinite) { series.add(-amount) } }
    func reset() { change(if: true) { metrics.restart(series) } }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { change(if: !value.isNaN) { series.set(value) } }

    func record(_ value: Int64) { record(Double(value)) }

    /// Of a recorder; of one that does not aggregate the last value counts.
    func record(_ value: Double) {
        if series.kind == .gauge { set(value) } else { change(if: value.isFinite && value >= 0) { series.observe(value) } }
    }

    func recordNanoseconds(_ duration: Int64) { change(if: duration >= 0) { series.observe(nanoseconds: UInt64(duration)) } }
}
