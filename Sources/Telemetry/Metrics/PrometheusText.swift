import Events

/// The Prometheus text format 0.0.4: families together and in order of name, each with one HELP and one TYPE; a line feed behind the last
/// line; no timestamps. Everything but the numbers is made once, since the set of series never changes.
///
/// Source: prometheus.io, "Exposition formats", text format 0.0.4.
public struct PrometheusText: Sendable {
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private let lines: [Line]

    private struct Line: Sendable {
        var text: [UInt8]
        let content: Content
    }

    private enum Content: Sendable {
        case header
        case counter(cell: Int, showsZero: Bool)
        case gauge(cell: Int)
        /// The sum of the cells of a range: a cumulative bucket, or the count.
        case total(cells: Range<Int>)
        case sum(cell: Int)
    }

    public init(families: [MetricFamily]) {
        lines = families.filter { !$0.series.isEmpty }.sorted { $0.metric.rawValue < $1.metric.rawValue }.flatMap(Self.lines)
    }

    public static func render(_ snapshot: MetricSnapshot) -> [UInt8] { PrometheusText(families: snapshot.families).render(snapshot) }

    /// - Parameter snapshot: of the registry whose families this was made for.
    public func render(_ snapshot: MetricSnapshot) -> [UInt8] {
        var buffer = LineBuffer(capacity: 64 * 1024)
        snapshot.cells.withUnsafeBufferPointer { cells in
            for line in lines { Self.write(line, cells, to: &buffer) }
        }
        return buffer.copy
    }

    private static func write(_ line: Line, _ cells: UnsafeBufferPointer<UInt64>, to buffer: inout LineBuffer) {
        if case .counter(let cell, false) = line.content, cells[cell] == 0 { return }
        line.text.withUnsafeBufferPointer { buffer.append($0) }
        switch line.content {
        case .header: return
        case .counter(let cell, _): buffer.append(cells[cell])
        case .gauge(let cell): buffer.append(prometheus: Double(bitPattern: cells[cell]))
        case .total(let range): buffer.append(range.reduce(into: UInt64(0)) { $0 &+= cells[$1] })
        case .sum(let cell): buffer.append(prometheus: Double(cells[cell]) / MetricRegistry.sumScale)
        }
        buffer.append(UInt8(ascii: "\n"))
    }

    private static func lines(of family: MetricFamily) -> [Line] {
        let name = family.metric.rawValue
        let help = "# HELP \(name) \(escape(help: family.declaration.help))\n"
        let type = "# TYPE \(name) \(family.declaration.kind.rawValue)\n"
        return [Line(text: Array((help + type).utf8), content: .header)]
            + family.series.indices.flatMap { lines(of: family, series: $0) }
    }

    private static func lines(of family: MetricFamily, series index: Int) -> [Line] {
        let name = family.metric.rawValue
        let series = family.series[index]
        let cell = family.firstCell + index * family.cellsPerSeries
        let labels = series.labels.map { "\($0.name.rawValue)=\"\(escape(label: $0.value))\"" }
        func line(_ suffix: String, _ labels: [String], _ content: Content) -> Line {
            let braces = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
            return Line(text: Array("\(name)\(suffix)\(braces) ".utf8), content: content)
        }
        switch family.declaration.kind {
        case .counter: return [line("", labels, .counter(cell: cell, showsZero: series.showsZero))]
        case .gauge: return [line("", labels, .gauge(cell: cell))]
        case .histogram:
            let buckets = family.declaration.buckets
            let bounds = buckets.map(bound) + ["+Inf"]
            return bounds.enumerated().map { place, bound in
                line("_bucket", labels + ["le=\"\(bound)\""], .total(cells: cell..<cell + place + 1))
            } + [
                line("_sum", labels, .sum(cell: cell + buckets.count + 1)),
                line("_count", labels, .total(cells: cell..<cell + buckets.count + 1)),
            ]
        }
    }

    /// `0.5`, `1`, `1800`: kept as it is for ever, since another spelling would be another series.
    private static func bound(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? value.description }

    private static func escape(help: String) -> String {
        help.reduce(into: "") { text, letter in
            text += letter == "\\" ? "\\\\" : letter.isNewline ? "\\n" : String(letter)
        }
    }

    private static func escape(label: String) -> String {
        label.reduce(into: "") { text, letter in
            text += letter == "\\" ? "\\\\" : letter == "\"" ? "\\\"" : letter.isNewline ? "\\n" : String(letter)
        }
    }
}

extension LineBuffer {
    fileprivate mutating func append(_ number: UInt64) {
        write(atMost: 20) { Decimal.write(UInt(number), to: $0) }
    }

    fileprivate mutating func append(prometheus number: Double) {
        if number.isFinite { append(json: number) } else { append(number.isNaN ? "NaN" : number > 0 ? "+Inf" : "-Inf") }
    }
}
