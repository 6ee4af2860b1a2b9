/// The Prometheus text format 0.0.4, read strictly: what promtool and Prometheus let pass (a series twice, buckets that fall) is a problem here.
public struct ExpositionText: Sendable {
    /// `name{labels}` as it stands, to its value.
    public private(set) var samples: [String: Double] = [:]
    /// What is wrong, with the line.
    public private(set) var problems: [String] = []
    /// Family to type.
    public private(set) var types: [String: String] = [:]

    private var finished: Set<String> = []
    private var family = ""
    private var buckets: [String: (bound: Double, count: Double)] = [:]

    public init(_ text: String) {
        if !text.hasSuffix("\n") { problems.append("the last line has no line feed") }
        for line in text.split(separator: "\n") { line.hasPrefix("#") ? comment(line) : sample(line) }
        for (series, last) in buckets where last.bound != .infinity { problems.append("no +Inf: \(series)") }
    }

    private mutating func comment(_ line: Substring) {
        let words = line.split(separator: " ", maxSplits: 3).map(String.init)
        guard words.count >= 3, words[1] == "HELP" || words[1] == "TYPE" else { return problems.append("a stray comment: \(line)") }
        if words[2] != family {
            finished.insert(family)
            family = words[2]
            if finished.contains(family) { problems.append("family in two places: \(line)") }
        }
        guard words[1] == "TYPE" else { return }
        if types.updateValue(words.count > 3 ? words[3] : "", forKey: family) != nil { problems.append("TYPE twice: \(line)") }
    }

    private mutating func sample(_ line: Substring) {
        guard let space = line.lastIndex(of: " "), let value = Self.number(line[line.index(after: space)...]) else {
            return problems.append("no value: \(line)")
        }
        let series = String(line[..<space])
        let name = String(series.prefix { $0 != "{" })
        if samples.updateValue(value, forKey: series) != nil { problems.append("series twice: \(line)") }
        guard let type = types[family], name == family || type == "histogram" && ["_bucket", "_sum", "_count"].contains(where: { name == family + $0 }) else {
            return problems.append("stands under another family: \(line)")
        }
        if type == "counter", !(value >= 0) { problems.append("counter below zero: \(line)") }
        if type == "histogram" { histogram(series, name, value, line) }
    }

    private mutating func histogram(_ series: String, _ name: String, _ value: Double, _ line: Substring) {
        if name == family + "_bucket" {
            guard let mark = series.range(of: "le=\""), let end = series[mark.upperBound...].firstIndex(of: "\""),
                let bound = Self.number(series[mark.upperBound..<end])
            else { return problems.append("bucket without a bound: \(line)") }
            let key = Self.plain(series[..<mark.lowerBound] + series[series.index(after: end)...], without: "_bucket")
            if let last = buckets[key] {
                if bound <= last.bound { problems.append("bounds do not rise: \(line)") }
                if value < last.count { problems.append("buckets fall: \(line)") }
            }
            buckets[key] = (bound, value)
        } else if name == family + "_count", let last = buckets[Self.plain(series[...], without: "_count")], last.count != value {
            problems.append("count is not +Inf: \(line)")
        }
    }

    /// Labels alone, so that bucket, sum and count of one histogram have the same key.
    private static func plain(_ series: some StringProtocol, without suffix: String) -> String {
        let name = series.prefix { $0 != "{" }
        let labels = series.dropFirst(name.count).filter { !"{}".contains($0) }.split(separator: ",").joined(separator: ",")
        return name.dropLast(suffix.count) + "|" + labels
    }

    private static func number(_ text: some StringProtocol) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: Double(text)
        }
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}
