public import Events

/// The values of all series at one moment, for every exposition format and exporter.
public struct MetricSnapshot: Sendable {
    /// The closed catalogue.
    public let families: [MetricFamily]
    /// The same as every format shows it.
    let catalogue: [ExposedFamily]
    /// Those of the catalogue, and behind them those of the libraries.
    let cells: [UInt64]
    /// Counts of the native buckets of all histograms that have such, `NativeBuckets.count` a series, in the order of the families; empty where
    /// nobody asked.
    var native: [UInt64] = []
    let library: LibraryLayout
    /// The newest exemplar of a cell.
    var exemplars: [Int: Exemplar] = [:]
    /// Cells of gauges that nobody has set: they read as zero, and say nothing.
    var unset: Set<Int> = []

    /// All there is to show: the closed catalogue, and what libraries report.
    var exposed: [ExposedFamily] {
        library.families.isEmpty ? catalogue : catalogue + library.exposed(firstCell: cells.count - library.cellCount, firstNative: catalogue.nativeEnd)
    }

    public enum Value: Sendable, Hashable {
        case counter(UInt64)
        case gauge(Double)
        case histogram(HistogramValue)
    }

    public struct HistogramValue: Sendable, Hashable {
        /// Observations at or below each bound, rising; the last stands for `+Inf` and is the count.
        public let cumulative: [UInt64]
        /// In the metric's base unit.
        public let sum: Double

        public var count: UInt64 { cumulative.last ?? 0 }
    }

    /// The value of one series; nil where there is no such series.
    public func value(of metric: MetricName, pipeline: String? = nil, _ first: LabelValue? = nil, _ second: LabelValue? = nil) -> Value? {
        guard let family = families.first(where: { $0.metric == metric }), let cell = family.cell(pipeline: pipeline, first, second)
        else { return nil }
        return value(of: family, at: cell)
    }

    /// The series of a family that have something to show, with their values.
    public func series(of family: MetricFamily) -> [(labels: [LabelValue], value: Value)] {
        family.series.indices.compactMap { index in
            let cell = family.firstCell + index * family.cellsPerSeries
            guard family.series[index].showsZero || cells[cell] != 0 else { return nil }
            return (family.series[index].labels, value(of: family, at: cell))
        }
    }

    private func value(of family: MetricFamily, at cell: Int) -> Value {
        switch family.declaration.kind {
        case .counter: .counter(cells[cell])
        case .gauge: .gauge(Double(bitPattern: cells[cell]))
        case .histogram: .histogram(histogram(at: cell, buckets: family.declaration.buckets.count))
        }
    }

    private func histogram(at cell: Int, buckets: Int) -> HistogramValue {
        var total: UInt64 = 0
        let cumulative = cells[cell...cell + buckets].map { count in
            total &+= count
            return total
        }
        return HistogramValue(cumulative: cumulative, sum: Double(cells[cell + buckets + 1]) / MetricRegistry.sumScale)
    }
}
