import Events
import ProtobufWire

/// The registry's figures in OpenTelemetry's form: the same series and numbers as a scrape has, cumulative. A name loses what OpenTelemetry says in the
/// unit or the kind of a metric; whoever makes Prometheus names of them, as its own receiver does, gets ours again.
enum OTLPMetrics {
    static func metrics(_ snapshot: MetricSnapshot, created: Timestamp?, at now: Timestamp) -> [OTLP.Metric] {
        snapshot.families.compactMap { family in
            let points = points(of: family, snapshot, start: created.map(OTLPRecords.nanoseconds) ?? 0, time: OTLPRecords.nanoseconds(now))
            guard let points else { return nil }
            return OTLP.Metric(name: family.metric.openTelemetryName, help: family.declaration.help, unit: family.metric.openTelemetryUnit, points: points)
        }
    }

    private static func points(of family: MetricFamily, _ snapshot: MetricSnapshot, start: UInt64, time: UInt64) -> OTLP.Metric.Points? {
        let shown = family.series.indices.filter { family.series[$0].showsZero || snapshot.cells[family.firstCell + $0 * family.cellsPerSeries] != 0 }
        guard !shown.isEmpty else { return nil }
        func cell(_ index: Int) -> Int { family.firstCell + index * family.cellsPerSeries }
        func attributes(_ index: Int) -> [OTLP.Attribute] { family.series[index].labels.map { .init($0.name.rawValue, .text($0.value)) } }
        switch family.declaration.kind {
        case .counter:
            return .sum(
                shown.map { index in
                    .init(
                        attributes: attributes(index), start: start, time: time, number: .integer(Int64(clamping: snapshot.cells[cell(index)])),
                        exemplars: exemplars(snapshot, cell(index)...cell(index)))
                })
        case .gauge:
            return .gauge(
                shown.map { .init(attributes: attributes($0), start: 0, time: time, number: .number(Double(bitPattern: snapshot.cells[cell($0)]))) })
        case .histogram:
            let bounds = family.declaration.buckets
            return .histogram(
                shown.map { index in
                    let range = cell(index)...cell(index) + bounds.count
                    return .init(
                        attributes: attributes(index), start: start, time: time, sum: Double(snapshot.cells[range.upperBound + 1]) / MetricRegistry.sumScale,
                        bounds: bounds, counts: Array(snapshot.cells[range]), exemplars: exemplars(snapshot, range))
                })
        }
    }

    private static func exemplars(_ snapshot: MetricSnapshot, _ cells: ClosedRange<Int>) -> [OTLP.Exemplar] {
        guard !snapshot.exemplars.isEmpty else { return [] }
        return cells.compactMap { snapshot.exemplars[$0] }.map {
            OTLP.Exemplar(time: OTLPRecords.nanoseconds($0.time), value: $0.value, trace: $0.context.traceBytes, span: OTLPRecords.span($0.context.span))
        }
    }
}

extension MetricName {
    /// `vitrine_handle_latency_seconds` is `vitrine.handle_latency`, `vitrine_items_total` is `vitrine.items`.
    var openTelemetryName: String {
        var name = rawValue.hasSuffix("_total") ? rawValue.dropLast("_total".count) : rawValue[...]
        if let unit { name = name.dropLast(unit.count + 1) }
        return "vitrine." + name.dropFirst("vitrine_".count)
    }

    /// As UCUM writes it.
    var openTelemetryUnit: String {
        switch unit {
        case "seconds": "s"
        case "bytes": "By"
        case "ratio": "1"
        default: ""
        }
    }
}
