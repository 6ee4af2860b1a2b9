import Events
import ProtobufWire

/// Prometheus' protobuf exposition, delimited: the same families, series and numbers as the text, with classic histograms. Everything but
/// the numbers is made once.
struct PrometheusProtobuf: ~Copyable {
    private var messages = PrometheusMessages()
    private let series: [Series]

    private enum Series {
        case counter(cell: Int, showsZero: Bool)
        case gauge(cell: Int)
        /// One cell for each bucket with `+Inf`, and behind them the sum.
        case histogram(firstCell: Int, buckets: Int)
    }

    init(families: [MetricFamily]) {
        var series: [Series] = []
        for family in families.filter({ !$0.series.isEmpty }).sorted(by: { $0.metric.rawValue < $1.metric.rawValue }) {
            let declaration = family.declaration
            messages.family(name: family.metric.rawValue, help: declaration.help, kind: declaration.kind.wire)
            for index in family.series.indices {
                messages.series(labels: family.series[index].labels.map { ($0.name.rawValue, $0.value) }, bounds: declaration.buckets)
                let cell = family.firstCell + index * family.cellsPerSeries
                switch declaration.kind {
                case .counter: series.append(.counter(cell: cell, showsZero: family.series[index].showsZero))
                case .gauge: series.append(.gauge(cell: cell))
                case .histogram: series.append(.histogram(firstCell: cell, buckets: declaration.buckets.count))
                }
            }
        }
        self.series = series
    }

    /// - Parameter snapshot: of the registry whose families this was made for.
    mutating func render(_ snapshot: MetricSnapshot) -> [UInt8] {
        let series = series
        let cells = snapshot.cells
        return messages.pack { number in
            switch series[number] {
            case .counter(let cell, let showsZero): showsZero || cells[cell] != 0 ? .number(Double(cells[cell])) : .hidden
            case .gauge(let cell): .number(Double(bitPattern: cells[cell]))
            case .histogram(let first, let buckets):
                Self.histogram(cells[first...first + buckets], sum: Double(cells[first + buckets + 1]) / MetricRegistry.sumScale)
            }
        }
    }

    private static func histogram(_ counts: ArraySlice<UInt64>, sum: Double) -> PrometheusMessages.Value {
        var total: UInt64 = 0
        let cumulative = counts.map { count in
            total &+= count
            return total
        }
        return .histogram(cumulative: cumulative.dropLast(), count: total, sum: sum)
    }
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
