/// The mapping table of `category_file`: a CSV of two columns, your product type and a path or number of Google's taxonomy. UTF-8; the fields are
/// parted by comma, semicolon or tab, whichever the first line has. A first line `product_type,google_product_category` is a header. Pure.
public struct CategoryFile: Sendable, Equatable {
    public private(set) var table: [String: String] = [:]

    /// Bytes of the largest file that is read.
    public static let mostBytes = 16 << 20

    /// - Throws: the first thing that is wrong, with its line.
    public init(_ bytes: [UInt8], file: String, key: String) throws(SettingsError) {
        func fault(_ line: Int, _ message: String, _ remedy: String) -> SettingsError {
            SettingsError(file: file, line: line, key: key, message: message, remedy: remedy)
        }
        guard bytes.count <= Self.mostBytes else {
            throw fault(1, "the file is larger than \(Self.mostBytes >> 20) MiB", "a mapping table has one line for each product type")
        }
        guard let text = String(validating: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self) else {
            throw fault(1, "the file is not UTF-8", "save it as \"CSV UTF-8\"")
        }
        var seen: [String: Int] = [:]
        var records = CategoryRecords(text)
        while let record = records.next() {
            let fields = record.fields.map { $0.trimmed }
            if fields.allSatisfy(\.isEmpty) || record.line == 1 && Self.isHeader(fields) { continue }
            guard !record.isOpen else { throw fault(record.line, "a quote is opened and never closed", "close it, or double it if it belongs to the word") }
            guard fields.count == 2, !fields[0].isEmpty, !fields[1].isEmpty else {
                throw fault(record.line, "the line has no two fields", "write your product type and the path or number of Google's taxonomy: Lamps,Home & Garden > Lighting > Lamps")
            }
            if let earlier = seen[fields[0]], table[fields[0]] != fields[1] {
                throw fault(record.line, "\(fields[0].quoted) stands for something else on line \(earlier)", "keep one of the two lines")
            }
            seen[fields[0]] = record.line
            table[fields[0]] = fields[1]
        }
        guard !table.isEmpty else { throw fault(1, "the file has no line with a product type", "write your product type and the taxonomy's path or number") }
    }

    private static func isHeader(_ fields: [String]) -> Bool {
        fields.count == 2 && fields[1].lowercased().split(whereSeparator: { !$0.isLetter }).joined(separator: "_") == "google_product_category"
    }
}

/// Records of a small CSV.
private struct CategoryRecords {
    struct Record {
        /// Of the record's first character, 1-based.
        let line: Int
        var fields: [String] = []
        /// A quote was still open at the end of the file.
        var isOpen = false
    }

    private var rest: Substring.UnicodeScalarView
    private let delimiter: Unicode.Scalar
    private var line = 1

    init(_ text: String) {
        rest = Substring(text).unicodeScalars
        let first = rest.prefix { $0 != "\n" && $0 != "\r" }
        delimiter = [",", ";", "\t"].max { mark, other in first.count { $0 == mark } < first.count { $0 == other } } ?? ","
    }

    mutating func next() -> Record? {
        guard !rest.isEmpty else { return nil }
        var record = Record(line: line)
        var field = ""
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"" where field.trimmed.isEmpty:
                field = takeQuoted(&record.isOpen)
            case delimiter:
                record.fields.append(field)
                field = ""
            case "\n", "\r":
                if scalar == "\r", rest.first == "\n" { rest.removeFirst() }
                line += 1
                record.fields.append(field)
                return record
            default: field.unicodeScalars.append(scalar)
            }
        }
        record.fields.append(field)
        return record
    }

    /// Up to the closing quote; doubled ones inside belong to the text.
    private mutating func takeQuoted(_ isOpen: inout Bool) -> String {
        var text = ""
        while let scalar = rest.popFirst() {
            if scalar == "\n" { line += 1 }
            if scalar != "\"" {
                text.unicodeScalars.append(scalar)
            } else if rest.first == "\"" {
                rest.removeFirst()
                text += "\""
            } else {
                return text
            }
        }
        isOpen = true
        return text
    }
}

extension String {
    fileprivate var trimmed: String {
        let text = drop { $0.isWhitespace }
        return String(text.prefix(text.count - text.reversed().prefix { $0.isWhitespace }.count))
    }
}
