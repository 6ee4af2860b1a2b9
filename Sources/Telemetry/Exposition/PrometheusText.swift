import Events

/// The two text formats: Prometheus' 0.0.4 and OpenMetrics 1.0. Families together and in order of name, no timestamps but those of exemplars.
/// Everything but the numbers is made once for a set of series.
public struct PrometheusText: Sendable {
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private let dialect: ExpositionDialect
    private let lines: [Line]

    private struct Line: Sendable {
        var text: [UInt8]
        let content: Content
    }

    private enum Content: Sendable {
        case header
        case counter(cell: Int, showsZero: Bool)
        /// The whole line is text; it comes with its counter.
        case created(cell: Int, showsZero: Bool)
        /// A gauge, and a counter that is not of whole numbers.
        case number(cell: Int)
        /// Counted up over the lines of a histogram, beginning at its first bucket.
        case bucket(cell: Int, isFirst: Bool)
        /// In billionths, or as the bits of a `Double`.
        case sum(cell: Int, isWhole: Bool)
        /// What the buckets have come to.
        case count
    }

    /// - Parameter isWanted: whether the series with these labels is written; a family without one has no header either.
    init(families: [ExposedFamily], dialect: ExpositionDialect = .prometheus, _ isWanted: ([ExposedFamily.Label]) -> Bool = { _ in true }) {
        self.dialect = dialect
        lines = families.sorted { $0.name < $1.name }.flatMap { family -> [Line] in
            let wanted = family.series.filter { isWanted($0.labels) }
            guard !wanted.isEmpty else { return [] }
            return [Line(text: Array(dialect.header(family).utf8), content: .header)] + wanted.flatMap { Self.lines(of: family, $0, dialect) }
        }
    }

    public static func render(_ snapshot: MetricSnapshot) -> [UInt8] { PrometheusText(families: snapshot.exposed).render(snapshot) }

    /// - Parameter snapshot: with the families that this was made for.
    public func render(_ snapshot: MetricSnapshot) -> [UInt8] {
        var buffer = LineBuffer(capacity: 64 * 1024)
        let exemplars = dialect.isOpenMetrics ? snapshot.exemplars : [:]
        var total: UInt64 = 0
        snapshot.cells.withUnsafeBufferPointer { cells in
            for line in lines { Self.write(line, cells, &total, exemplars, to: &buffer) }
        }
        if dialect.isOpenMetrics { buffer.append("# EOF\n") }
        return buffer.copy
    }

    private static func write(
        _ line: Line, _ cells: UnsafeBufferPointer<UInt64>, _ total: inout UInt64, _ exemplars: [Int: Exemplar], to buffer: inout LineBuffer
    ) {
        switch line.content {
        case .counter(let cell, false) where cells[cell] == 0: return
        case .created(let cell, false) where cells[cell] == 0: return
        default: line.text.withUnsafeBufferPointer { buffer.append($0) }
        }
        switch line.content {
        case .header, .created: return
        case .counter(let cell, _):
            buffer.append(cells[cell])
            if let exemplar = exemplars[cell] { buffer.append(exemplar) }
        case .number(let cell): buffer.append(prometheus: Double(bitPattern: cells[cell]))
        case .bucket(let cell, let isFirst):
            total = isFirst ? cells[cell] : total &+ cells[cell]
            buffer.append(total)
            if let exemplar = exemplars[cell] { buffer.append(exemplar) }
        case .sum(let cell, let isWhole):
            buffer.append(prometheus: isWhole ? Double(cells[cell]) / MetricRegistry.sumScale : Double(bitPattern: cells[cell]))
        case .count: buffer.append(total)
        }
        buffer.append(UInt8(ascii: "\n"))
    }

    private static func lines(of family: ExposedFamily, _ series: ExposedFamily.Series, _ dialect: ExpositionDialect) -> [Line] {
        let name = family.name
        let cell = series.cell
        let created = dialect.isOpenMetrics ? series.created.map(Self.seconds) : nil
        let labels = series.labels.map { "\($0.name)=\"\(dialect.escape(label: $0.value))\"" }
        func line(_ name: String, _ labels: [String], _ content: Content, value: String = "") -> Line {
            let braces = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
            return Line(text: Array("\(name)\(braces) \(value)".utf8), content: content)
        }
        func start(_ showsZero: Bool) -> [Line] {
            created.map { [line(dialect.name(of: family) + "_created", labels, .created(cell: cell, showsZero: showsZero), value: $0 + "\n")] } ?? []
        }
        switch family.kind {
        case .counter:
            let content = family.numbers == .whole ? Content.counter(cell: cell, showsZero: series.showsZero) : .number(cell: cell)
            return [line(name, labels, content)] + start(series.showsZero)
        case .gauge: return [line(name, labels, .number(cell: cell))]
        case .histogram:
            let bounds = family.buckets.map(dialect.bound) + ["+Inf"]
            return bounds.enumerated().map { place, bound in
                line(name + "_bucket", labels + ["le=\"\(bound)\""], .bucket(cell: cell + place, isFirst: place == 0))
            } + [line(name + "_sum", labels, .sum(cell: cell + bounds.count, isWhole: family.numbers == .whole)), line(name + "_count", labels, .count)] + start(true)
        }
    }

    /// Seconds since 1970 with milliseconds, as both kinds of times are written.
    static func seconds(_ time: Timestamp) -> String {
        var buffer = LineBuffer(capacity: 32)
        buffer.append(seconds: time)
        return String(decoding: buffer.copy, as: UTF8.self)
    }
}

extension LineBuffer {
    fileprivate mutating func append(_ number: UInt64) {
        write(atMost: 20) { Decimal.write(UInt(number), to: $0) }
    }

    fileprivate mutating func append(prometheus number: Double) {
        if number.isFinite { append(json: number) } else { append(number.isNaN ? "NaN" : number > 0 ? "+Inf" : "-Inf") }
    }

    /// ` # {trace_id="…",span_id="…"} 0.25 1763712000.123`
    fileprivate mutating func append(_ exemplar: Exemplar) {
        append(" # {trace_id=\"")
        append(hex: exemplar.context.high)
        append(hex: exemplar.context.low)
        if exemplar.context.span != 0 {
            append("\",span_id=\"")
            append(hex: exemplar.context.span)
        }
        append("\"} ")
        append(prometheus: exemplar.value)
        append(UInt8(ascii: " "))
        append(seconds: exemplar.time)
    }

    fileprivate mutating func append(seconds time: Timestamp) {
        let milliseconds = max(0, time.nanoseconds / 1_000_000)
        append(Int(milliseconds / 1_000))
        append(UInt8(ascii: "."))
        write(atMost: 3) { target in
            Decimal.pad(Int(milliseconds % 1_000), 3, to: target)
            return 3
        }
    }
}
