import Events
import ProtobufWire

/// Prometheus' protobuf exposition, delimited: the same families, series and numbers as the texts; histograms in their classic form and beside it in
/// the native one, where they have such. Everything but the numbers is made once for a set of series,
/// and what has not moved since the last time is not made again.
struct PrometheusProtobuf: ~Copyable {
    private var messages = PrometheusMessages()
    private let series: [Series]
    /// Which series a cell with an exemplar belongs to.
    private let numberOfCell: [Int: Int]
    private var last: MetricSnapshot?

    private enum Series {
        case counter(cell: Int, showsZero: Bool)
        /// A gauge, and a counter that is not of whole numbers.
        case number(cell: Int)
        /// One cell for each bucket with `+Inf`, and behind them the sum; the native buckets begin at `native`.
        case histogram(firstCell: Int, buckets: Int, native: Int?, isWhole: Bool)
    }

    init(families: [ExposedFamily]) {
        var series: [Series] = []
        for family in families.filter({ !$0.series.isEmpty }) {
            messages.family(name: family.name, help: family.help, unit: family.unit, kind: family.kind.wire)
            for one in family.series {
                messages.series(labels: one.labels.map { ($0.name, $0.value) }, bounds: family.buckets, created: one.created?.nanoseconds)
                switch (family.kind, family.numbers) {
                case (.counter, .whole): series.append(.counter(cell: one.cell, showsZero: one.showsZero))
                case (.counter, .fractional), (.gauge, _): series.append(.number(cell: one.cell))
                case (.histogram, let numbers):
                    series.append(.histogram(firstCell: one.cell, buckets: family.buckets.count, native: one.native, isWhole: numbers == .whole))
                }
            }
        }
        self.series = series
        var numberOfCell: [Int: Int] = [:]
        for (number, one) in series.enumerated() {
            switch one {
            case .counter(let cell, _), .number(let cell): numberOfCell[cell] = number
            case .histogram(let first, let buckets, _, _): for cell in first...first + buckets { numberOfCell[cell] = number }
            }
        }
        self.numberOfCell = numberOfCell
    }

    /// - Parameter snapshot: with native counts, with the families that this was made for.
    mutating func render(_ snapshot: MetricSnapshot) -> [UInt8] {
        let series = series
        let moved = moved(snapshot)
        last = snapshot
        let cells = snapshot.cells
        var hasExemplar = [Bool](repeating: false, count: series.count)
        for cell in snapshot.exemplars.keys { if let number = numberOfCell[cell] { hasExemplar[number] = true } }
        return messages.pack { number in
            guard moved[number] else { return .same }
            return switch series[number] {
            case .counter(let cell, let showsZero):
                showsZero || cells[cell] != 0 ? .number(Double(cells[cell]), hasExemplar[number] ? snapshot.exemplars[cell]?.wire : nil) : .hidden
            case .number(let cell): .number(Double(bitPattern: cells[cell]), nil)
            case .histogram(let first, let buckets, let native, let isWhole): .histogram(Self.histogram(snapshot, first, buckets, native, isWhole, hasExemplar[number]))
            }
        }
    }

    /// Which series have another number or exemplar than the last time. A native bucket never moves without its classic one.
    private func moved(_ snapshot: MetricSnapshot) -> [Bool] {
        guard let last else { return [Bool](repeating: true, count: series.count) }
        var moved = series.map { one in
            switch one {
            case .counter(let cell, _), .number(let cell): last.cells[cell] != snapshot.cells[cell]
            case .histogram(let first, let buckets, _, _): (first...first + buckets + 1).contains { last.cells[$0] != snapshot.cells[$0] }
            }
        }
        // An exemplar comes after its number, so that a snapshot may be in between.
        for (cell, exemplar) in snapshot.exemplars where last.exemplars[cell] != exemplar {
            if let number = numberOfCell[cell] { moved[number] = true }
        }
        return moved
    }

    private static func histogram(
        _ snapshot: MetricSnapshot, _ first: Int, _ buckets: Int, _ native: Int?, _ isWhole: Bool, _ hasExemplar: Bool
    ) -> PrometheusMessages.Histogram {
        var total: UInt64 = 0
        let cumulative = snapshot.cells[first...first + buckets].map { count in
            total &+= count
            return total
        }
        let sparse = native.map { Self.native(snapshot.native[$0..<$0 + NativeBuckets.count], isEmpty: total == 0) }
        let sum = snapshot.cells[first + buckets + 1]
        return .init(
            cumulative: cumulative.dropLast(), count: sparse?.count ?? total,
            sum: isWhole ? Double(sum) / MetricRegistry.sumScale : Double(bitPattern: sum),
            exemplars: !hasExemplar ? [] : (0...buckets).compactMap { place in snapshot.exemplars[first + place].map { (bucket: place, $0.wire) } },
            native: sparse?.histogram)
    }

    /// - Parameter isEmpty: nothing is known to be in them, so they need not be looked through.
    private static func native(_ counts: ArraySlice<UInt64>, isEmpty: Bool) -> (histogram: PrometheusMessages.NativeHistogram, count: UInt64) {
        var buckets: [(key: Int, count: UInt64)] = []
        var total = counts[counts.startIndex]
        if !isEmpty {
            buckets.reserveCapacity(counts.count)
            for place in 1..<counts.count {
                let count = counts[counts.startIndex + place]
                if count == 0 { continue }
                buckets.append((key: NativeBuckets.key(at: place), count: count))
                total &+= count
            }
        }
        let histogram = PrometheusMessages.NativeHistogram(
            schema: NativeBuckets.schema, zeroThreshold: NativeBuckets.zeroThreshold, zeroCount: counts[counts.startIndex], buckets: buckets)
        return (histogram, total)
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
