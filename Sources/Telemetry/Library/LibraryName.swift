/// What a library calls a metric, made a name that every format takes, that says its unit, and that is nobody else's.
struct LibraryName: Sendable, Hashable {
    /// Bytes of the library's own name; a longer one is refused.
    static let longest = 128

    /// As OpenMetrics names the family.
    let family: String
    /// As samples are named, of a histogram without what it puts behind.
    let sample: String

    /// Nil where the name is too long, or none.
    init?(_ label: String, _ kind: LibraryKind) {
        guard !label.isEmpty, label.utf8.count <= Self.longest else { return nil }
        var name = Self.valid(label)
        switch kind {
        case .counter: name = Self.without(["_total"], name)
        case .timer: name = Self.without(Self.unitsOfTime, name) + "_seconds"
        case .gauge, .recorder: break
        }
        if Self.suffixes.contains(where: name.hasSuffix) { name += "_value" }
        if name == "up" || Self.taken.contains(where: name.hasPrefix) || name.first?.isNumber == true { name = "library_" + name }
        family = name
        sample = kind == .counter ? name + "_total" : name
    }

    /// The name of a label. Those that we or Prometheus give ourselves are another's.
    static func label(_ name: String) -> String {
        let valid = valid(name)
        let isTaken = valid.isEmpty || valid.first?.isNumber == true || valid.hasPrefix("__") || takenLabels.contains(valid)
        return isTaken ? "library_" + valid : valid
    }

    /// Our own, and the names of series that Prometheus and Pushgateway add to those of a target.
    private static let taken = ["vitrine_", "scrape_", "push_"]
    private static let takenLabels: Set = ["le", "quantile", "job", "instance", "pipeline"]
    /// What formats put behind names: a name that ends so could be mistaken for a part of another metric.
    private static let suffixes = ["_total", "_created", "_count", "_sum", "_bucket", "_info", "_gcount", "_gsum"]
    /// A timer is told in seconds, whatever its name says.
    private static let unitsOfTime = [
        "_seconds", "_milliseconds", "_microseconds", "_nanoseconds", "_s", "_ms", "_us", "_ns",
    ]

    private static func without(_ ends: [String], _ name: String) -> String {
        ends.first { name.hasSuffix($0) && name.utf8.count > $0.utf8.count }.map { String(name.dropLast($0.count)) } ?? name
    }

    /// Letters, digits and `_` of ASCII; everything else is `_`. A colon is for recording rules.
    private static func valid(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar {
                    case "a"..."z", "A"..."Z", "0"..."9", "_": scalar
                    default: "_"
                    }
                }))
    }
}

/// The labels of a series in an order of their own, so that who names them in another one means the same series.
enum LibraryLabels {
    /// A series with more is refused, and so is one with a longer value.
    static let most = 8
    static let longestValue = 128

    /// Nil where they go beyond a bound, name one label twice, or have what looks like a credential for a name. In a value it is hidden.
    static func labels(_ dimensions: [(String, String)], _ scan: CredentialScan) -> [ExposedFamily.Label]? {
        guard dimensions.count <= most else { return nil }
        var labels: [ExposedFamily.Label] = []
        // A label without a value is the same as none.
        for (name, value) in dimensions where !value.isEmpty {
            guard name.utf8.count <= LibraryName.longest, value.utf8.count <= longestValue, scan.redacted(name) == name else { return nil }
            labels.append(.init(name: LibraryName.label(name), value: scan.redacted(plain(value))))
        }
        guard Set(labels.map(\.name)).count == labels.count else { return nil }
        return labels.sorted { $0.name < $1.name }
    }

    /// Without what moves a cursor or ends a line or a C text.
    private static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.value {
                    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: "\u{FFFD}"
                    default: scalar
                    }
                }))
    }
}
