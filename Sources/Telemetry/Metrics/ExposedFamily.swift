import Events

/// A metric with its series as every format shows it, whoever counts there: the closed catalogue or a library. The numbers are in the cells of a
/// snapshot.
struct ExposedFamily: Sendable {
    struct Label: Sendable, Hashable {
        let name: String
        let value: String
    }

    struct Series: Sendable {
        let labels: [Label]
        /// Whether it is exposed while it is zero.
        var showsZero = true
        /// Its first cell in a snapshot: the number, or the buckets with `+Inf` and behind them the sum.
        var cell: Int
        /// The first of its native counts in a snapshot; nil where it has none.
        var native: Int?
        /// When it began at zero; nil: it is not told.
        let created: Timestamp?
    }

    /// What a cell of a counter holds, and that of a histogram's sum.
    enum Numbers: Sendable {
        /// A whole number; of a sum billionths.
        case whole
        /// The bits of a `Double`, as in each gauge.
        case fractional
    }

    /// As samples are named in 0.0.4, with `_total`.
    let name: String
    let help: String
    let kind: MetricDeclaration.Kind
    /// Of a histogram, rising, without `+Inf`.
    let buckets: [Double]
    let numbers: Numbers
    /// Whether each series is one of some pipeline.
    let hasPipeline: Bool
    var series: [Series]

    /// The unit, which its name ends with (before `_total`); nil for what is counted.
    var unit: String? {
        let name = name.hasSuffix("_total") ? name.dropLast("_total".count) : name[...]
        return ["seconds", "bytes", "ratio"].first { name.hasSuffix("_\($0)") }
    }

    func number(_ cell: UInt64) -> Double { numbers == .whole && kind != .gauge ? Double(cell) : Double(bitPattern: cell) }
    func sum(_ cell: UInt64) -> Double { numbers == .whole ? Double(cell) / MetricRegistry.sumScale : Double(bitPattern: cell) }
}

extension ExposedFamily {
    /// The closed catalogue, in the order of a registry's cells.
    static func catalogue(_ families: [MetricFamily], created: Timestamp?) -> [ExposedFamily] {
        var native = 0
        return families.map { family in
            let declaration = family.declaration
            var exposed = ExposedFamily(
                name: family.metric.rawValue, help: declaration.help, kind: declaration.kind, buckets: declaration.buckets, numbers: .whole,
                hasPipeline: declaration.hasPipeline, series: [])
            for (index, series) in family.series.enumerated() {
                exposed.series.append(
                    Series(
                        labels: series.labels.map { Label(name: $0.name.rawValue, value: $0.value) }, showsZero: series.showsZero,
                        cell: family.firstCell + index * family.cellsPerSeries, native: declaration.kind == .histogram ? native : nil,
                        created: declaration.kind == .gauge ? nil : created))
                if declaration.kind == .histogram { native += NativeBuckets.count }
            }
            return exposed
        }
    }
}

extension [ExposedFamily] {
    /// Behind the last native count of theirs.
    var nativeEnd: Int { lazy.flatMap(\.series).compactMap(\.native).max().map { $0 + NativeBuckets.count } ?? 0 }
}
