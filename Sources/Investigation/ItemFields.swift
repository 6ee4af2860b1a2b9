import FoundationEssentials

/// The fields of an item as it was sent: names to texts. What is no text is shown as its JSON.
struct ItemFields: Equatable {
    private(set) var values: [String: String] = [:]

    /// Nil where the bytes are no JSON object.
    init?(_ json: [UInt8]) {
        guard let read = try? JSONDecoder().decode([String: Value].self, from: Data(json)) else { return nil }
        values = read.mapValues(\.text)
        values["id"] = nil
    }

    /// What sending `self` changed on the far side, which had `old`: a field that is missing now stays as it was, one that is empty is cleared.
    func changes(from old: ItemFields?) -> [FieldChange] {
        values.keys.sorted().compactMap { field in
            let before = old?.values[field] ?? ""
            let after = values[field] ?? ""
            return before == after ? nil : FieldChange(field: field, old: before.isEmpty ? nil : before, new: after.isEmpty ? nil : after)
        }
    }

    private enum Value: Decodable {
        case text(String), json(String)

        var text: String {
            switch self {
            case .text(let text), .json(let text): text
            }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if container.decodeNil() {
                self = .text("")
            } else if let flag = try? container.decode(Bool.self) {
                self = .json(flag ? "true" : "false")
            } else if let whole = try? container.decode(Int.self) {
                self = .json(String(whole))
            } else if let number = try? container.decode(Double.self) {
                self = .json(String(number))
            } else if let list = try? container.decode([Value].self) {
                self = .json("[" + list.map(\.quoted).joined(separator: ", ") + "]")
            } else {
                let object = try container.decode([String: Value].self)
                self = .json("{" + object.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.quoted)" }.joined(separator: ", ") + "}")
            }
        }

        private var quoted: String {
            switch self {
            case .text(let text): "\"\(text)\""
            case .json(let text): text
            }
        }
    }
}
