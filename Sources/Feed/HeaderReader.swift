internal import CFeedKernels

/// Reads the start of a file: its encoding, its header, the delimiter that fits.
struct HeaderReader {
    /// Longest header, in bytes.
    static let headerLimit = 256 << 10
    /// Most columns.
    static let columnLimit = 4096

    /// Columns that upstream tools and our own `rejected/` files add; they are no surprise.
    private static func isExpected(_ name: String) -> Bool {
        name.hasPrefix("_airbyte_") || name.hasPrefix("_ab_") || ["_line", "_rules", "_hint", "_run"].contains(name)
    }

    let options: FeedOptions
    let name: String
    private(set) var header = Header.none
    private(set) var refusal: FileRefusal?
    private(set) var tally = FindingTally()

    init(options: FeedOptions, name: String, source: any ByteSource) throws {
        self.options = options
        self.name = name
        let buffer = BlockBuffer()
        defer { withExtendedLifetime(buffer) {} }  // `head` lives in it
        let head = try buffer.read(source, at: 0, count: min(source.byteCount, Self.headerLimit))
        refusal = judgeStart(head, byteCount: source.byteCount)
        guard refusal == nil else { return }
        readHeader(head, isWholeFile: head.count == source.byteCount)
    }

    private func judgeStart(_ head: Text, byteCount: Int) -> FileRefusal? {
        if byteCount == 0 { return FileRefusal(.f01, message: "the file is empty", remedy: RuleID.f01.hint) }
        if byteCount > options.maxFileBytes {
            return FileRefusal(
                .f10, value: "\(byteCount) bytes", message: "the file is larger than the limit of \(options.maxFileBytes) bytes",
                remedy: "Split the file, or raise the limit in the settings.")
        }
        if let format = ForeignFormat.seen(in: head) {
            return FileRefusal(
                format.isText ? .f03 : .f02, line: 1, value: format.name, message: "the file is \(format.name), not CSV in UTF-8", remedy: format.remedy)
        }
        return nil
    }

    private mutating func readHeader(_ head: Text, isWholeFile: Bool) {
        var offset = head.starts(with: "\u{FEFF}") ? 3 : 0
        var line = 1
        while offset < head.count {  // blank lines before the header
            let end = head[offset] == 0x0D && offset + 1 < head.count && head[offset + 1] == 0x0A ? offset + 1 : offset
            guard head[end] == 0x0A else { break }
            offset = end + 1
            line += 1
        }
        let rest = head.dropFirst(offset)
        guard !rest.isEmpty else {
            refusal = FileRefusal(.f01, message: "the file is empty but for blank lines", remedy: RuleID.f01.hint)
            return
        }
        let trouble = trouble(of: rest, delimiter: options.delimiter, line: line, isWholeFile: isWholeFile)
        var chosen = trouble == nil ? columns(of: rest, delimiter: options.delimiter, offset: offset, line: line) : nil
        let semicolon = UInt8(ascii: ";")
        if chosen.map({ !missing($0).isEmpty }) ?? (trouble?.rule == .f08), options.delimiter != semicolon,
            self.trouble(of: rest, delimiter: semicolon, line: line, isWholeFile: isWholeFile) == nil
        {
            let other = columns(of: rest, delimiter: semicolon, offset: offset, line: line)
            if missing(other).isEmpty { chosen = other }
        }
        guard let chosen else {
            refusal = otherDelimiter(of: rest, trouble, offset: offset, line: line, isWholeFile: isWholeFile) ?? trouble
            return
        }
        header = chosen
        refusal = judgeNames(chosen, line: line) ?? judgeMissing(chosen, line: line)
        noteColumns(line: line)
    }

    /// Quotes that look broken may only stand beside another delimiter.
    private func otherDelimiter(of rest: Text, _ trouble: FileRefusal?, offset: Int, line: Int, isWholeFile: Bool) -> FileRefusal? {
        guard trouble?.rule == .f08 else { return nil }
        for mark in Self.marks where UInt8(ascii: mark) != options.delimiter {
            let delimiter = UInt8(ascii: mark)
            guard self.trouble(of: rest, delimiter: delimiter, line: line, isWholeFile: isWholeFile) == nil,
                case let names = columns(of: rest, delimiter: delimiter, offset: offset, line: line).names, names.count > 1
            else { continue }
            return wrongDelimiter(mark, line: line, value: names.joined(separator: String(mark)))
        }
        return nil
    }

    private func trouble(of rest: Text, delimiter: UInt8, line: Int, isWholeFile: Bool) -> FileRefusal? {
        if !rest.buffer.contains(0x0A), rest.buffer.contains(0x0D) {
            return FileRefusal(.f14, line: line, message: "the lines end in a lone CR", remedy: RuleID.f14.hint)
        }
        let split = vf_split(rest.base, rest.count, delimiter, nil, 0)
        let length = Int(split.consumed)
        if split.status == UInt32(VF_UNCLOSED) || split.status == UInt32(VF_TEXT_AFTER_QUOTE) {
            return FileRefusal(
                .f08, line: line + Int(split.opened), value: rest.dropFirst(Int(split.at)).prefix(Finding.valueBytes).string,
                message: "a quote in the header is not closed properly", remedy: RuleID.f08.hint)
        }
        if !isWholeFile, length == rest.count {
            return FileRefusal(.f10, line: line, message: "the header is longer than \(Self.headerLimit) bytes", remedy: RuleID.f10.hint)
        }
        if vf_utf8_prefix(rest.base, length) < length {
            return FileRefusal(.f02, line: line, value: rest.prefix(length).string, message: "the header is not UTF-8", remedy: RuleID.f02.hint)
        }
        if rest.prefix(length).buffer.contains(0) {
            return FileRefusal(.f02, line: line, value: "\u{0}", message: "the header holds a NUL byte: this is no text", remedy: RuleID.f02.hint)
        }
        if Int(split.fields) > Self.columnLimit {
            return FileRefusal(
                .f10, line: line, value: "\(split.fields) columns", message: "the header has \(split.fields) columns, the limit is \(Self.columnLimit)",
                remedy: "Export only the columns that are needed.")
        }
        return nil
    }

    private func columns(of rest: Text, delimiter: UInt8, offset: Int, line: Int) -> Header {
        let fields = UnsafeMutablePointer<vf_field>.allocate(capacity: Self.columnLimit)
        defer { fields.deallocate() }
        let split = vf_split(rest.base, rest.count, delimiter, fields, UInt32(Self.columnLimit))
        let names = (0..<min(Int(split.fields), Self.columnLimit)).map { index in
            let field = fields[index]
            let text = String(decoding: UnsafeBufferPointer(start: rest.base + Int(field.start), count: Int(field.length)), as: UTF8.self)
            return Self.trimmed(text.replacing("\"\"", with: "\""))
        }
        var positions: [Column: Int] = [:]
        var templates: [ReadyTemplate] = []
        var used: Set<Int> = []
        for column in Column.allCases {
            let wanted = options.columns[column] ?? column.rawValue
            // An id is never made: it is compared byte by byte with what stands in the file.
            guard column != .id, let template = ColumnTemplate(wanted) else {
                positions[column] = Self.place(of: wanted, in: names)
                continue
            }
            let places = template.names.compactMap { Self.place(of: $0, in: names) }
            used.formUnion(places)
            guard places.count == template.names.count else { continue }
            positions[column] = names.count + templates.count
            templates.append(ReadyTemplate(column, template) { Self.place(of: $0, in: names) })
        }
        let pictures = PictureColumns.find(in: names)
        used.formUnion(positions.values)
        for picture in pictures { used.formUnion([picture.url] + picture.tags) }
        if let first = pictures.first { positions[.imageLink] = first.url }
        let versionPosition = Self.place(of: options.versionColumn ?? Self.extractionTime, in: names)
        if let versionPosition { used.insert(versionPosition) }
        let unknown = names.enumerated().filter { !used.contains($0.offset) && !Self.isExpected($0.element) }.map(\.element)
        return Header(
            names: names, positions: positions, templates: templates, pictures: pictures, versionPosition: versionPosition, unknown: unknown, delimiter: delimiter,
            dataOffset: offset + Int(split.consumed), dataLine: line + max(1, Int(split.newlines)))
    }

    /// When Airbyte read the record: the order of rows where the settings name none.
    private static let extractionTime = "_airbyte_extracted_at"

    private static func place(of wanted: String, in names: [String]) -> Int? {
        names.firstIndex(of: wanted) ?? names.firstIndex { folded($0) == folded(wanted) }
    }

    private static func trimmed(_ text: String) -> String {
        var view = text[...]
        while let first = view.first, first.isWhitespace { view.removeFirst() }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return String(view)
    }

    /// Without case, blanks, underscores and hyphens: `Image Link` is `image_link`.
    private static func folded(_ name: String) -> String { name.lowercased().filter { !$0.isWhitespace && $0 != "_" && $0 != "-" } }

    private func missing(_ header: Header) -> [Column] {
        Column.required.filter { column in
            switch column {
            case .brand where options.defaults.brand != nil, .condition where options.defaults.condition != nil: false
            default: header.positions[column] == nil
            }
        }
    }

    private func judgeNames(_ header: Header, line: Int) -> FileRefusal? {
        if let place = header.names.firstIndex(of: ""), header.names.count > 1 {
            return FileRefusal(.f04, line: line, value: "column \(place + 1)", message: "column \(place + 1) has no name", remedy: RuleID.f04.hint)
        }
        var seen: Set<String> = []
        for name in header.names where !seen.insert(name.lowercased()).inserted {
            return FileRefusal(.f04, line: line, value: name, message: "two columns are called \(name)", remedy: RuleID.f04.hint)
        }
        return nil
    }

    private func judgeMissing(_ header: Header, line: Int) -> FileRefusal? {
        let missing = missing(header)
        guard !missing.isEmpty else { return nil }
        let names = missing.flatMap { missingNames($0, header) }.joined(separator: ", ")
        if header.names.contains("_airbyte_data"), header.positions.isEmpty {
            return FileRefusal(
                .f03, line: line, value: "_airbyte_data", message: "the file holds raw Airbyte records",
                remedy: "In the Airbyte connection set the destination's flattening (\"Root level flattening\") or switch on normalisation, so that each "
                    + "field has a column, and sync again.")
        }
        if header.names.count == 1, let mark = Self.marks.first(where: { header.names[0].unicodeScalars.contains($0) }) {
            return wrongDelimiter(mark, line: line, value: header.names[0])
        }
        return FileRefusal(.f03, line: line, value: names, message: "required columns are missing: \(names)", remedy: RuleID.f03.hint)
    }

    /// What the header lacks for a column: the column itself, or the names its template asks for.
    private func missingNames(_ column: Column, _ header: Header) -> [String] {
        guard column != .id, let wanted = options.columns[column], let template = ColumnTemplate(wanted) else { return [options.columns[column] ?? column.rawValue] }
        return template.names.filter { Self.place(of: $0, in: header.names) == nil }.map { "\($0) (for \(column.rawValue))" }
    }

    /// What stands between fields, the configured delimiter or another.
    private static let marks: [Unicode.Scalar] = [";", "\t", "|", ","]

    private func wrongDelimiter(_ mark: Unicode.Scalar, line: Int, value: String) -> FileRefusal {
        let shown = mark == "\t" ? "tab" : String(mark)
        return FileRefusal(
            .f09, line: line, value: value, message: "the header is one column at the configured delimiter, but holds `\(shown)`",
            remedy: "Set the delimiter to `\(shown)`, or export with `\(String(decoding: [options.delimiter], as: UTF8.self))`.")
    }

    private mutating func noteColumns(line: Int) {
        for unknown in header.unknown where !unknown.isEmpty { note(.f05, line: line, column: unknown) }
        for (column, place) in header.positions.sorted(by: { $0.value < $1.value }) {
            guard place < header.names.count, header.pictures.first?.url != place else { continue }
            guard header.names[place] != options.columns[column] ?? column.rawValue else { continue }
            note(.f06, line: line, column: header.names[place])
        }
    }

    private mutating func note(_ rule: RuleID, line: Int, column: String) {
        tally.add(
            Finding(
                rule: rule, severity: options.severity(of: rule), file: name, row: line, column: Finding.shown(column), productID: "",
                value: Finding.shown(column), hint: rule.hint))
    }
}

/// Encodings that are not UTF-8, told by their first bytes.
enum Encoding {
    static func foreign(_ head: Text) -> String? {
        let start = Array(head.prefix(4).buffer)
        if start == [0xFF, 0xFE, 0, 0] || start == [0, 0, 0xFE, 0xFF] { return "UTF-32" }
        if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
        // Without a mark: every second byte of ASCII text in UTF-16 is NUL, three of four in UTF-32.
        let sample = head.prefix(64).buffer
        let nulls = sample.filter { $0 == 0 }.count
        guard sample.count >= 4, nulls * 3 >= sample.count else { return nil }
        return nulls * 10 >= sample.count * 6 ? "UTF-32" : "UTF-16"
    }
}
