/// What a file means that nobody has described: a guess from its header and its first rows, to be looked at by a person.
public struct FeedGuess: Sendable, Equatable {
    /// Our columns whose names in the file are others.
    public internal(set) var columns: [Column: String] = [:]
    public internal(set) var delimiter = UInt8(ascii: ",")
    public internal(set) var numberFormat = NumberFormat.undecided
    /// `brand` holds `brandPlaceholder` where the file has no brand.
    public internal(set) var defaults = FieldDefaults()
    public internal(set) var versionColumn: String?
    /// Required columns of which the file has nothing like it, and that no default can fill.
    public internal(set) var missing: [Column] = []
    /// What was guessed and what a person has to decide, one sentence each; empty if the file is as we write it ourselves.
    public internal(set) var notes: [String] = []

    /// Stands in for the brand, so that the rest of the file can be judged.
    public static let brandPlaceholder = "Your brand"

    /// Bytes of the start of a file that are enough.
    public static let headBytes = 256 << 10

    public init() {}

    public var lacksBrand: Bool { defaults.brand == Self.brandPlaceholder }

    /// These options with what was guessed.
    public func applied(to options: FeedOptions) -> FeedOptions {
        var options = options
        options.columns.merge(columns) { $1 }
        options.delimiter = delimiter
        options.numberFormat = numberFormat
        options.defaults = defaults
        options.versionColumn = versionColumn
        return options
    }

    /// The settings to paste below the name of a pipeline, without indentation. Empty if there is nothing to say.
    public var yamlLines: [String] {
        var lines: [String] = []
        let mapped = Column.allCases.compactMap { column in columns[column].map { "  \(column.rawValue): \(Self.quoted($0))" } }
        if !mapped.isEmpty { lines += ["columns:"] + mapped }
        let filled = [("brand", defaults.brand), ("currency", defaults.currency), ("condition", defaults.condition)]
            .compactMap { name, value in value.map { "\(name): \(name == "brand" ? Self.quoted($0) : $0)" } }
        if !filled.isEmpty { lines.append("defaults: {\(filled.joined(separator: ", "))}") }
        if let versionColumn { lines.append("version_column: \(Self.quoted(versionColumn))") }
        if delimiter != UInt8(ascii: ",") { lines.append("delimiter: \(delimiter == 0x09 ? "tab" : Self.quoted(String(decoding: [delimiter], as: UTF8.self)))") }
        switch numberFormat {
        case .undecided: break
        case .point: lines.append("number_format: comma_thousands")
        case .comma: lines.append("number_format: dot_thousands")
        }
        return lines
    }

    /// A YAML text in double quotes.
    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let hex = String(scalar.value, radix: 16, uppercase: true)
                    out += "\\x" + (hex.utf8.count < 2 ? "0" : "") + hex
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }
}

/// Guesses what a file means. `head`: its first bytes, inflated, `FeedGuess.headBytes` at most; a last record that is cut off is ignored. Pure.
public func guessFeed(_ head: [UInt8]) -> FeedGuess {
    let text = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
    let tables = [",", ";", "\t", "|"].map { mark in
        let delimiter = Array(mark.utf8)[0]
        return (delimiter, SampleTable(text, delimiter: delimiter))
    }
    var best: Guesser?
    for (delimiter, table) in tables {
        let guesser = Guesser(table, delimiter: delimiter)
        if best.map({ guesser.rank > $0.rank }) ?? true { best = guesser }
    }
    return best?.finished() ?? FeedGuess()
}
