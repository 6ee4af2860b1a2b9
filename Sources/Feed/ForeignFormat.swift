/// What is no UTF-8 text, or no table, told by its first bytes: to name it is half the remedy.
struct ForeignFormat {
    /// With its article: `a gzip archive`.
    let name: String
    /// What to do about it.
    let remedy: String
    /// Text, but not CSV: then the columns are what is missing, not the encoding.
    var isText = false

    static func seen(in head: Text) -> ForeignFormat? { packed(head) ?? encoded(head) ?? marked(head) }

    private static func packed(_ head: Text) -> ForeignFormat? {
        let start = Array(head.prefix(8).buffer)
        if start.starts(with: [0x1F, 0x8B]) { return ForeignFormat(name: "a gzip archive", remedy: "Call it `.csv.gz`, or unpack it.") }
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            return ForeignFormat(name: "a spreadsheet or a ZIP archive", remedy: "Open it and save it as \"CSV UTF-8\".")
        }
        if start.starts(with: Array("PAR1".utf8)) { return ForeignFormat(name: "a Parquet file", remedy: "Let the export write CSV.") }
        return nil
    }

    private static func encoded(_ head: Text) -> ForeignFormat? {
        Encoding.foreign(head).map { ForeignFormat(name: $0, remedy: RuleID.f02.hint) }
    }

    /// A header may well start with `[` or `{`, but not go on like this.
    private static func marked(_ head: Text) -> ForeignFormat? {
        let start = (head.starts(with: "\u{FEFF}") ? head.dropFirst(3) : head).prefix(256).buffer.filter { !$0.isBlank }.prefix(2)
        guard let first = start.first, let second = start.dropFirst().first else { return nil }
        switch (first, second) {
        case (UInt8(ascii: "["), UInt8(ascii: "{")), (UInt8(ascii: "{"), UInt8(ascii: "\"")):
            return ForeignFormat(name: "JSON", remedy: "Let the export write CSV.", isText: true)
        case (UInt8(ascii: "<"), UInt8(ascii: "!")), (UInt8(ascii: "<"), UInt8(ascii: "?")):
            return ForeignFormat(name: "XML or HTML", remedy: "Let the export write CSV; a page of HTML is often an error message of the server.", isText: true)
        default: return nil
        }
    }
}
