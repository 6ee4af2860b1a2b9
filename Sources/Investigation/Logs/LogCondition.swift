/// What `--where` says of one field: `product_id=SKU-1`, `http_status>=500`, `msg~timeout`.
public struct LogCondition: Sendable, Equatable {
    public enum Operation: String, Sendable, CaseIterable {
        case equal = "="
        /// Also where the field is missing.
        case unequal = "!="
        /// A POSIX extended regular expression is found in it.
        case matches = "~"
        /// Also where the field is missing.
        case doesNotMatch = "!~"
        /// Two numbers as numbers, levels by how bad they are, anything else by its bytes.
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    public var field: String
    public var operation: Operation
    public var text: String

    public init(field: String, operation: Operation, text: String) {
        self.field = field
        self.operation = operation
        self.text = text
    }

    /// Nil where there is no field, or no sign that is known: `=>` and `<>` are none. `==` is taken for `=`, `=~` for `~`, and a text in quotes for what is
    /// in them. Blanks may stand around the sign.
    public init?(_ condition: String) {
        guard let sign = condition.firstIndex(where: { "=!~<>".contains($0) }), sign > condition.startIndex else { return nil }
        let words = condition[..<sign].split(whereSeparator: \.isWhitespace)
        guard words.count == 1 else { return nil }
        field = String(words[0])
        let rest = condition[sign...]
        let aliases: [(String, Operation)] = [
            ("==", .equal), ("=~", .matches), ("!=", .unequal), ("!~", .doesNotMatch), ("<=", .lessOrEqual), (">=", .greaterOrEqual), ("=", .equal),
            ("~", .matches), ("<", .less), (">", .greater),
        ]
        guard let found = aliases.first(where: { rest.hasPrefix($0.0) }) else { return nil }
        operation = found.1
        var value = rest.dropFirst(found.0.count)
        if condition[..<sign].last?.isWhitespace == true { value = value.drop(while: \.isWhitespace) }
        let isQuoted = value.count >= 2 && value.first == "\"" && value.last == "\""
        if !isQuoted, operation != .matches, operation != .doesNotMatch, let first = value.first, "<>=".contains(first) { return nil }
        text = String(isQuoted ? value.dropFirst().dropLast() : value)
    }
}
