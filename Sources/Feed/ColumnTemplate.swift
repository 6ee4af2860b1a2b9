/// A column made of others: `https://shop.example/p/{sku}`, `{price} IQD`. The names in braces are the file's.
struct ColumnTemplate: Sendable, Equatable {
    enum Piece: Sendable, Equatable {
        case literal(String)
        case name(String)
    }

    let pieces: [Piece]

    /// Nil if the text is no template: it has no name in braces.
    init?(_ text: String) {
        var pieces: [Piece] = []
        var literal = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = rest[rest.index(after: open)..<close]
            literal += rest[..<open]
            if !literal.isEmpty { pieces.append(.literal(literal)) }
            literal = ""
            pieces.append(.name(String(name)))
            rest = rest[rest.index(after: close)...]
        }
        guard !pieces.isEmpty else { return nil }
        literal += rest
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        self.pieces = pieces
    }

    /// The header names it needs, in their order.
    var names: [String] {
        pieces.compactMap { if case .name(let name) = $0 { name } else { nil } }
    }
}

/// A template of one file: names are places in a record.
struct ReadyTemplate: Sendable, Equatable {
    enum Piece: Sendable, Equatable {
        case literal([UInt8])
        case field(Int)
    }

    let column: Column
    let pieces: [Piece]

    init(_ column: Column, _ template: ColumnTemplate, place: (String) -> Int?) {
        self.column = column
        pieces = template.pieces.compactMap { piece in
            switch piece {
            case .literal(let text): .literal(Array(text.utf8))
            case .name(let name): place(name).map { .field($0) }
            }
        }
    }

    /// Whether what stands in braces is percent-encoded: in addresses, unless it is the address's own beginning.
    func encodes(_ piece: Int) -> Bool { column.isAddress && piece > 0 }
}

extension Column {
    /// Holds web addresses.
    var isAddress: Bool { self == .link || self == .imageLink || self == .additionalImageLink }
}
