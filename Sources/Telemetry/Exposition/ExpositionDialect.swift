import Events

/// What sets the two text formats apart. Sources: prometheus.io, "Exposition formats", text format 0.0.4; OpenMetrics 1.0.
struct ExpositionDialect: Sendable {
    /// Units, start times, exemplars, and an end that is said.
    let isOpenMetrics: Bool

    static let prometheus = ExpositionDialect(isOpenMetrics: false)
    static let openMetrics = ExpositionDialect(isOpenMetrics: true)

    /// TYPE, UNIT and HELP of a family.
    func header(_ metric: MetricName) -> String {
        let declaration = metric.declaration
        guard isOpenMetrics else {
            return "# HELP \(metric.rawValue) \(escape(help: declaration.help))\n# TYPE \(metric.rawValue) \(declaration.kind.rawValue)\n"
        }
        let name = family(metric)
        let type = metric == .buildInfo ? "info" : declaration.kind.rawValue
        let unit = metric.unit.map { "# UNIT \(name) \($0)\n" } ?? ""
        return "# TYPE \(name) \(type)\n\(unit)# HELP \(name) \(escape(help: declaration.help))\n"
    }

    /// OpenMetrics names a family without what it puts behind each sample's name.
    func family(_ metric: MetricName) -> String {
        guard isOpenMetrics else { return metric.rawValue }
        for suffix in ["_total", "_info"] where metric.rawValue.hasSuffix(suffix) { return String(metric.rawValue.dropLast(suffix.count)) }
        return metric.rawValue
    }

    /// `0.5`, `1`, `1800` or `0.5`, `1.0`, `1800.0`: kept as it is for ever, since another spelling would be another series.
    func bound(_ value: Double) -> String { isOpenMetrics ? value.description : Int(exactly: value).map(String.init) ?? value.description }

    func escape(help: String) -> String {
        help.reduce(into: "") { text, letter in
            text += letter == "\\" ? "\\\\" : letter == "\"" && isOpenMetrics ? "\\\"" : letter.isNewline ? "\\n" : String(letter)
        }
    }

    func escape(label: String) -> String {
        label.reduce(into: "") { text, letter in
            text += letter == "\\" ? "\\\\" : letter == "\"" ? "\\\"" : letter.isNewline ? "\\n" : String(letter)
        }
    }
}

extension MetricName {
    /// The unit, which its name ends with (before `_total`); nil for what is counted.
    var unit: String? {
        let name = rawValue.hasSuffix("_total") ? rawValue.dropLast("_total".count) : rawValue[...]
        return ["seconds", "bytes", "ratio"].first { name.hasSuffix("_\($0)") }
    }
}
