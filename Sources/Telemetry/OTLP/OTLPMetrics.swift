import Events
import ProtobufWire

/// The registry's figures in OpenTelemetry's form: the same series and numbers as a scrape has, cumulative. A name loses what OpenTelemetry says in the
/// unit or the kind of a metric; whoever makes Prometheus names of them, as its own receiver does, gets ours again.
enum OTLPMetrics {
    /// - Parameter tellsStart: false where the figures of the catalogue go on from earlier processes; those of libraries never do.
    static func metrics(_ snapshot: MetricSnapshot, tellsStart: Bool, at now: Timestamp) -> [OTLP.Metric] {
        let own = Set(tellsStart ? [] : snapshot.catalogue.map(\.name))
        return snapshot.exposed.compactMap { family in
            let points = points(of: family, snapshot, tellsStart: !own.contains(family.name), time: OTLPRecords.nanoseconds(now))
            guard let points else { return nil }
            return OTLP.Metric(name: family.openTelemetryName, help: family.help, unit: family.openTelemetryUnit, points: points)
        }
    }

    private static func points(of family: ExposedFamily, _ snapshot: MetricSnapshot, tellsStart: Bool, time: UInt64) -> OTLP.Metric.Points? {
        let shown = family.series.filter { $0.showsZero || snapshot.cells[$0.cell] != 0 }
        guard !shown.isEmpty else { return nil }
        func attributes(_ series: ExposedFamily.Series) -> [OTLP.Attribute] { series.labels.map { .init($0.name, .text($0.value)) } }
        func start(_ series: ExposedFamily.Series) -> UInt64 { tellsStart ? series.created.map(OTLPRecords.nanoseconds) ?? 0 : 0 }
        switch family.kind {
        case .counter:
            return .sum(
                shown.map { series in
                    let cell = snapshot.cells[series.cell]
                    return .init(
                        attributes: attributes(series), start: start(series), time: time,
                        number: family.numbers == .whole ? .integer(Int64(clamping: cell)) : .number(family.number(cell)),
                        exemplars: exemplars(snapshot, series.cell...series.cell))
                })
        case .gauge:
            return .gauge(shown.map { .init(attributes: attributes($0), start: 0, time: time, number: .number(family.number(snapshot.cells[$0.cell]))) })
        case .histogram:
            return .histogram(
                shown.map { series in
                    let range = series.cell...series.cell + family.buckets.count
                    return .init(
                        attributes: attributes(series), start: start(series), time: time, sum: family.sum(snapshot.cells[range.upperBound + 1]),
                        bounds: family.buckets, counts: Array(snapshot.cells[range]), exemplars: exemplars(snapshot, range))
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

extension ExposedFamily {
    /// `vitrine_handle_latency_seconds` is `vitrine.handle_latency`, `vitrine_items_total` is `vitrine.items`, and a library's `hb_requests_total` is
    /// `hb_requests`.
    fileprivate var openTelemetryName: String {
        var name = name.hasSuffix("_total") ? name.dropLast("_total".count) : name[...]
        if let unit { name = name.dropLast(unit.count + 1) }
        return name.hasPrefix("vitrine_") ? "vitrine." + name.dropFirst("vitrine_".count) : String(name)
    }

    /// As UCUM writes it.
    fileprivate var openTelemetryUnit: String {
        switch unit {
        case "seconds": "s"
        case "bytes": "By"
        case "ratio": "1"
        default: ""
        }
    }
}
