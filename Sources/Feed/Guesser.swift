/// Guesses for one delimiter.
struct Guesser {
    private let table: SampleTable
    private var guess = FeedGuess()
    /// All of our columns that were found, also where the name is ours.
    private var found: [Column: String] = [:]
    private var used: Set<String> = []

    init(_ table: SampleTable, delimiter: UInt8) {
        self.table = table
        guess.delimiter = delimiter
        findColumns()
    }

    /// The delimiter at which most columns are known is the right one; then the one at which there are most columns.
    var rank: Int { found.count * 10_000 + table.names.count }

    mutating func finished() -> FeedGuess {
        let marks: [UInt8: String] = [UInt8(ascii: ";"): "semicolons", 0x09: "tabs", UInt8(ascii: "|"): "bars"]
        if let mark = marks[guess.delimiter] { guess.notes.append("Fields are parted by \(mark).") }
        for column in Column.allCases {
            guard let theirs = guess.columns[column] else { continue }
            guess.notes.append("\"\(Finding.shown(theirs))\" is taken for \(column.rawValue).")
        }
        guessPrices()
        guessDefaults()
        guessVersion()
        noteWords(.availability) { Availability($0) == .unknown }
        noteWords(.condition) { Condition($0) == .unknown }
        return guess
    }

    // MARK: Columns

    private mutating func findColumns() {
        let theirs = table.names.map { (name: $0, folded: ColumnNames.folded($0), parted: ColumnNames.folded(ColumnNames.parted($0).name)) }
        // Our own names first, so that no likeness takes them away.
        for column in Column.allCases {
            let ours = ColumnNames.folded(column.rawValue)
            take(column, theirs.first { $0.folded == ours }?.name)
        }
        for (column, names) in ColumnNames.all where found[column] == nil {
            for name in names.map(ColumnNames.folded) where found[column] == nil {
                take(column, theirs.first { $0.folded == name || $0.parted == name }?.name)
            }
        }
        // A number in stock says whether there is any.
        if found[.availability] == nil, let stock = found[.quantity], guess.columns[.quantity] != nil {
            found[.quantity] = nil
            guess.columns[.quantity] = nil
            found[.availability] = stock
            guess.columns[.availability] = stock
        }
    }

    private mutating func take(_ column: Column, _ name: String?) {
        guard let name, !name.isEmpty, found[column] == nil, used.insert(name).inserted else { return }
        found[column] = name
        if ColumnNames.folded(name) != ColumnNames.folded(column.rawValue) { guess.columns[column] = name }
    }

    // MARK: Values

    private mutating func guessPrices() {
        guard let name = found[.price] else { return }
        let values = table.values(of: name) + (found[.salePrice].map { table.values(of: $0) } ?? [])
        let named = values.filter { PriceText($0, fallback: nil, format: .point).currency != nil }.count
        if found[.currency] == nil, named < values.count || values.isEmpty {
            if let currency = ColumnNames.parted(name).currency {
                guess.defaults.currency = currency
                guess.notes.append("Prices are taken to be in \(currency), which the name \"\(Finding.shown(name))\" says.")
            } else if named < values.count {
                guess.notes.append("Prices name no currency: set defaults.currency, such as IQD.")
            }
        }
        guessNumberFormat(values)
    }

    private mutating func guessNumberFormat(_ values: [String]) {
        var comma = 0  // values that can only have a decimal comma
        var point = 0
        var unclear: Set<Character> = []
        for written in values {
            let value = written.replacing("٫", with: ".")  // the Arabic decimal sign is used between thousands as well
            let marks = value.filter { $0 == "," || $0 == "." || $0 == "٬" }
            guard marks.contains(where: { $0 == "," || $0 == "." }) else { continue }
            if PriceText(value, fallback: currency, format: .undecided).trouble == .ambiguous {
                unclear.formUnion(marks)
            } else if let last = value.lastIndex(where: { $0 == "," || $0 == "." }), marks.filter({ $0 == value[last] }).count == 1 {
                if value[last] == "," { comma += 1 } else { point += 1 }
            }
        }
        guard let mark = unclear.first else { return }
        guard unclear.count == 1 else {
            guess.notes.append("Prices such as 1,299 and 1.299 stand side by side: write them in one way, or set number_format.")
            return
        }
        // The dinar of Iraq is used in thousands and without decimals; of other currencies decimals elsewhere decide.
        if currency == .iraqiDinar {
            guard mark == "," ? comma == 0 : point == 0 else {
                guess.notes.append("The mark \(mark) stands before three digits and before others in prices: write them in one way, or set number_format.")
                return
            }
            guess.numberFormat = mark == "," ? .point : .comma
        } else if comma > 0, point == 0 {
            guess.numberFormat = .comma
        } else if point > 0, comma == 0 {
            guess.numberFormat = .point
        } else {
            guess.notes.append("It is not clear whether \(mark) parts thousands or decimals in prices: set number_format.")
            return
        }
        let example = guess.numberFormat == .point ? "1,299.00" : "1.299,00"
        guess.notes.append("Prices are read as \(example).")
    }

    /// Of the prices, as far as it is known.
    private var currency: Currency? {
        if let code = guess.defaults.currency { return Currency(code) }
        let named = (found[.currency].map { table.values(of: $0) } ?? []) + (found[.price].map { table.values(of: $0) } ?? [])
        return named.lazy.compactMap { PriceText($0, fallback: nil, format: .point).currency }.first
    }

    private mutating func guessDefaults() {
        if found[.brand] == nil {
            guess.defaults.brand = FeedGuess.brandPlaceholder
            guess.notes.append("There is no brand: put your own into defaults.brand.")
        }
        if found[.condition] == nil {
            guess.defaults.condition = Condition.new.rawValue
            guess.notes.append("There is no condition: all products are taken for new.")
        }
        let hasPictures = !PictureColumns.find(in: table.names).isEmpty
        guess.missing = Column.required.filter { found[$0] == nil && $0 != .brand && $0 != .condition && !($0 == .imageLink && hasPictures) }
        for column in guess.missing {
            let way = column.isAddress ? ", or make it of others: {\(column.rawValue): \"https://shop.example/p/{sku}\"}" : ""
            guess.notes.append("Nothing looks like \(column.rawValue): name the column under `columns`\(way).")
        }
    }

    private mutating func guessVersion() {
        guard !table.names.contains(where: { $0.lowercased() == "_airbyte_extracted_at" }) else { return }
        for name in ColumnNames.versions.map(ColumnNames.folded) {
            guard let theirs = table.names.first(where: { ColumnNames.folded($0) == name }), !used.contains(theirs) else { continue }
            let values = table.values(of: theirs)
            guard !values.isEmpty, values.allSatisfy(VersionKey.isReadable) else { continue }
            guess.versionColumn = theirs
            guess.notes.append("\"\(Finding.shown(theirs))\" is taken to say which of two rows of one id is newer.")
            return
        }
    }

    private mutating func noteWords(_ column: Column, _ isUnknown: (String) -> Bool) {
        guard let name = found[column] else { return }
        var words: [String] = []
        for value in table.values(of: name) where words.count < 5 && !words.contains(value) && isUnknown(value) { words.append(value) }
        guard !words.isEmpty else { return }
        let shown = words.map { "\"\(Finding.shown($0))\"" }.joined(separator: ", ")
        guess.notes.append("\(column.rawValue) has words that are not known (\(shown)): say what they mean under translate.\(column.rawValue).")
    }
}
