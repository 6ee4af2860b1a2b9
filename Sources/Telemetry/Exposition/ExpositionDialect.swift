import Events

/// What sets the two text formats apart. Sources: prometheus.io, "Exposition formats", text format 0.0.4; OpenMetrics 1.0.
struct ExpositionDialect: Sendable {
    /// Units, start times, exemplars, and an end that is said.
    let isOpenMetrics: Bool

    static let prometheus = ExpositionDialect(isOpenMetrics: false)
    static let openMetrics = ExpositionDialect(isOpenMetrics: true)

    /// TYPE, UNIT and HELP of a family.
    func header(_ family: ExposedFamily) -> String {
        guard isOpenMetrics else { return "# HELP \(family.name) \(escape(help: family.help))\n# TYPE \(family.name) \(family.kind.rawValue)\n" }
        let name = name(of: family)
        let type = family.name.hasSuffix("_info") ? "info" : family.kind.rawValue
        let unit = family.unit.map { "# UNIT \(name) \($0)\n" } ?? ""
        return "# TYPE \(name) \(type)\n\(unit)# HELP \(name) \(escape(help: family.help))\n"
    }

    /// OpenMetrics names a family without what it puts behind each sample's name.
    func name(of family: ExposedFamily) -> String {
        guard isOpenMetrics else { return family.name }
        for suffix in ["_total", "_info"] where family.name.hasSuffix(suffix) { return String(family.name.dropLast(suffix.count)) }
        return family.name
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
