import Feed
import FoundationEssentials

/// A row of a file as people are shown it: the columns that hold something, under the names of its header, cut to what can be read.
/// The form of `original` beside an example of the report.
public struct QuotedRow: Sendable, Equatable, Codable {
    public struct Field: Sendable, Equatable, Codable {
        public var column: String
        public var value: String
        /// What a rule found is about this column.
        public var blamed: Bool
    }

    /// Id and title first, then what is blamed, then the others in the order of the file.
    public var fields: [Field]
    /// Columns that hold something and are not shown.
    public var leftOut: Int

    enum CodingKeys: String, CodingKey {
        case fields
        case leftOut = "left_out"
    }

    /// Columns shown, those with a finding among them always.
    static let fieldLimit = 24
    /// Characters of one value.
    static let valueLimit = 160

    /// - Parameter telling: places of the columns by which a person knows the product, in the order in which they are to be shown.
    init(_ all: [Field], telling: [Int]) {
        let places = telling + all.indices.filter { all[$0].blamed && !telling.contains($0) }
        let filled = (places + all.indices.filter { !places.contains($0) }).map { all[$0] }.filter { !$0.value.isEmpty || $0.blamed }
        var room = max(0, Self.fieldLimit - filled.count { $0.blamed })
        fields = []
        for field in filled {
            if !field.blamed {
                guard room > 0 else { continue }
                room -= 1
            }
            fields.append(Field(column: Shown.line(field.column, limit: 60), value: Shown.line(field.value, limit: Self.valueLimit), blamed: field.blamed))
        }
        leftOut = filled.count - fields.count
    }

    /// - Parameter blamed: our names of the columns that the findings are about.
    init(_ detail: RowDetail, header: Header, blamed: Set<String>) {
        let ours = Dictionary(header.positions.map { ($0.value, $0.key.rawValue) }, uniquingKeysWith: { first, _ in first })
        let raw = RecordFields(detail.record, delimiter: header.delimiter).raw
        self.init(
            raw.enumerated().map { place, bytes in
                let name = header.names.indices.contains(place) ? header.names[place] : "column \(place + 1)"
                return Field(column: name, value: Self.text(bytes), blamed: ours[place].map(blamed.contains) ?? blamed.contains(name))
            }, telling: [Column.id, .title].compactMap { header.positions[$0] }.filter(raw.indices.contains))
    }

    /// Without its quotes, doubled ones made single; no longer than what will be shown of it.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let quote = UInt8(ascii: "\"")
        guard bytes.first == quote else { return String(decoding: bytes.prefix(valueLimit * 8), as: UTF8.self) }
        let inner = bytes.dropFirst().dropLast(bytes.last == quote && bytes.count > 1 ? 1 : 0).prefix(valueLimit * 8)
        return String(decoding: inner, as: UTF8.self).replacing("\"\"", with: "\"")
    }
}

extension QuotedRow {
    /// What was sent of a row, where the row itself cannot be had any more. Nil where the bytes are no request of ours.
    /// - Parameter request: one request of a batch object.
    init?(request: [UInt8], blamed: Set<String>) {
        guard let sent = try? JSONDecoder().decode(SentRequest.self, from: Data(request)) else { return nil }
        let names = Column.allCases.map(\.rawValue)
        let order = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let fields = sent.data.sorted { (order[$0.key] ?? names.count, $0.key) < (order[$1.key] ?? names.count, $1.key) }
            .map { Field(column: $0.key, value: $0.value.text, blamed: blamed.contains($0.key)) }
        self.init(fields, telling: fields.indices.filter { ["id", "title"].contains(fields[$0].column) })
    }

    private struct SentRequest: Decodable { let data: [String: SentValue] }

    private enum SentValue: Decodable {
        case text(String)
        case list([SentValue])
        case object([String: SentValue])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let number = try? container.decode(Int.self) {
                self = .text(String(number))
            } else if let number = try? container.decode(Double.self) {
                self = .text(String(number))
            } else if let list = try? container.decode([SentValue].self) {
                self = .list(list)
            } else if let object = try? container.decode([String: SentValue].self) {
                self = .object(object)
            } else {
                self = .text((try? container.decode(Bool.self)).map(String.init) ?? "")
            }
        }

        var text: String {
            switch self {
            case .text(let text): text
            case .list(let values): values.map(\.text).joined(separator: ", ")
            case .object(let members): members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" }.joined(separator: "; ")
            }
        }
    }
}
