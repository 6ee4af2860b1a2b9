import Events
import ProtobufWire

/// Prometheus' protobuf exposition, delimited: the same families, series and numbers as the texts; histograms in their classic form and beside it in
/// the native one. Everything but the numbers is made once.
struct PrometheusProtobuf: ~Copyable {
    private var messages = PrometheusMessages()
    private let series: [Series]

    private enum Series {
        case counter(cell: Int, showsZero: Bool)
        case gauge(cell: Int)
        /// One cell for each bucket with `+Inf`, and behind them the sum; the native buckets begin at `native`.
        case histogram(firstCell: Int, buckets: Int, native: Int)
    }

    /// - Parameter created: when counters and histograms began at zero; nil: it is not told.
    init(families: [MetricFamily], created: Timestamp?) {
        var series: [Series] = []
        var native = 0
        // In the order of the snapshot's native counts, which is the order of the families.
        for family in families.filter({ !$0.series.isEmpty }) {
            let declaration = family.declaration
            messages.family(name: family.metric.rawValue, help: declaration.help, unit: family.metric.unit, kind: declaration.kind.wire)
            for index in family.series.indices {
                messages.series(
                    labels: family.series[index].labels.map { ($0.name.rawValue, $0.value) }, bounds: declaration.buckets, created: created?.nanoseconds)
                let cell = family.firstCell + index * family.cellsPerSeries
                switch declaration.kind {
                case .counter: series.append(.counter(cell: cell, showsZero: family.series[index].showsZero))
                case .gauge: series.append(.gauge(cell: cell))
                case .histogram:
                    series.append(.histogram(firstCell: cell, buckets: declaration.buckets.count, native: native))
                    native += NativeBuckets.count
                }
            }
        }
        self.series = series
    }

    /// - Parameter snapshot: with native counts, of the registry whose families this was made for.
    mutating func render(_ snapshot: MetricSnapshot) -> [UInt8] {
        let series = series
        let cells = snapshot.cells
        return messages.pack { number in
            switch series[number] {
            case .counter(let cell, let showsZero):
                showsZero || cells[cell] != 0 ? .number(Double(cells[cell]), snapshot.exemplars[cell]?.wire) : .hidden
            case .gauge(let cell): .number(Double(bitPattern: cells[cell]), nil)
            case .histogram(let first, let buckets, let native): .histogram(Self.histogram(snapshot, first, buckets, native))
            }
        }
    }

    private static func histogram(_ snapshot: MetricSnapshot, _ first: Int, _ buckets: Int, _ native: Int) -> PrometheusMessages.Histogram {
        var total: UInt64 = 0
        let cumulative = snapshot.cells[first...first + buckets].map { count in
            total &+= count
            return total
        }
        let sparse = PrometheusMessages.NativeHistogram(
            schema: NativeBuckets.schema, zeroThreshold: NativeBuckets.zeroThreshold, zeroCount: snapshot.native[native],
            buckets: (1..<NativeBuckets.count).compactMap { place in
                let count = snapshot.native[native + place]
                return count == 0 ? nil : (key: NativeBuckets.key(at: place), count: count)
            })
        return .init(
            cumulative: cumulative.dropLast(), count: sparse.buckets.reduce(sparse.zeroCount) { $0 &+ $1.count },
            sum: Double(snapshot.cells[first + buckets + 1]) / MetricRegistry.sumScale,
            exemplars: (0...buckets).compactMap { place in snapshot.exemplars[first + place].map { (bucket: place, $0.wire) } }, native: sparse)
    }
}

extension Exemplar {
    fileprivate var wire: PrometheusMessages.Exemplar { .init(labels: labels, value: value, nanoseconds: time.nanoseconds) }
}

extension MetricDeclaration.Kind {
    fileprivate var wire: PrometheusMessages.Kind {
        switch self {
        case .counter: .counter
        case .gauge: .gauge
        case .histogram: .histogram
        }
    }
}
