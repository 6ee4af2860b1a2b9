internal import CFeedKernels

/// The buffers one worker reuses for every record. Owned by one task at a time.
final class Workspace {
    /// Where each field of the current record is.
    let fields: UnsafeMutablePointer<vf_field>
    let fieldCapacity: Int
    /// Findings by rule; two a rule, the second for what is only noted although the rule is graver.
    let counts: UnsafeMutablePointer<Int>
    let needles: UnsafeMutablePointer<vf_needles>
    let pictureNeedles: UnsafeMutablePointer<vf_needles>
    let words: WordLists
    /// The keys of a row by which it is compared with others.
    let keys: UnsafeMutablePointer<UInt64>
    private(set) var arena: UnsafeMutablePointer<UInt8>
    private(set) var arenaCapacity = 0
    private(set) var json: UnsafeMutablePointer<UInt8>
    private(set) var jsonCapacity = 0
    /// Texts that last as long as the workspace: defaults.
    private var kept: [UnsafeMutablePointer<UInt8>] = []
    private var keptNumbers: [UnsafeMutablePointer<Int32>] = []
    private var keptColumns: [UnsafeMutablePointer<PlainColumn>] = []
    private var keptTexts: [UnsafeMutablePointer<Text>] = []

    init(fieldCapacity: Int) {
        self.fieldCapacity = fieldCapacity
        fields = .allocate(capacity: fieldCapacity)
        fields.initialize(repeating: vf_field(), count: fieldCapacity)
        counts = .allocate(capacity: RuleID.allCases.count * 2)
        counts.initialize(repeating: 0, count: RuleID.allCases.count * 2)
        keys = .allocate(capacity: CrossKey.allCases.count)
        keys.initialize(repeating: 0, count: CrossKey.allCases.count)
        needles = .allocate(capacity: 1)
        pictureNeedles = .allocate(capacity: 1)
        arena = .allocate(capacity: Int(VF_PADDING))
        json = .allocate(capacity: Int(VF_PADDING))
        var texts: [UnsafeMutablePointer<UInt8>] = []
        words = WordLists(needles: needles, pictures: pictureNeedles) { phrase in
            let text = Self.copy(Array(phrase.utf8))
            texts.append(text)
            return Text(text, phrase.utf8.count)
        }
        kept = texts
    }

    deinit {
        fields.deallocate()
        counts.deallocate()
        keys.deallocate()
        needles.deallocate()
        pictureNeedles.deallocate()
        words.deallocate()
        arena.deallocate()
        json.deallocate()
        for text in kept { text.deallocate() }
        for columns in keptColumns { columns.deallocate() }
        for places in keptTexts { places.deallocate() }
        for numbers in keptNumbers { numbers.deallocate() }
    }

    /// Makes room for texts and JSON of a record of that many bytes. What the buffers held is gone.
    ///
    /// A text is unescaped, stripped and collapsed (each at most as long) and normalised (at most three times as long in UTF-8, Unicode
    /// Standard Annex 15); a byte takes at most six in JSON; keys and defaults come on top.
    func makeRoom(forRecord bytes: Int) {
        let neededArena = bytes * 8 + 4096
        if arenaCapacity < neededArena {
            arena.deallocate()
            arena = .allocate(capacity: neededArena + Int(VF_PADDING))
            arenaCapacity = neededArena
        }
        let neededJSON = bytes * 6 + 16_384
        if jsonCapacity < neededJSON {
            json.deallocate()
            json = .allocate(capacity: neededJSON + Int(VF_PADDING))
            jsonCapacity = neededJSON
        }
    }

    /// A copy for as long as the workspace lives.
    func keep(_ numbers: [Int]) -> UnsafeMutablePointer<Int32> {
        let copy = UnsafeMutablePointer<Int32>.allocate(capacity: numbers.count)
        for (index, number) in numbers.enumerated() { copy[index] = Int32(number) }
        keptNumbers.append(copy)
        return copy
    }

    /// A copy for as long as the workspace lives.
    func keep(_ columns: [PlainColumn]) -> UnsafeMutablePointer<PlainColumn> {
        let copy = UnsafeMutablePointer<PlainColumn>.allocate(capacity: columns.count)
        for (index, column) in columns.enumerated() { (copy + index).initialize(to: column) }
        keptColumns.append(copy)
        return copy
    }

    /// Room for texts, for as long as the workspace lives.
    func keep(texts count: Int, of text: Text) -> UnsafeMutablePointer<Text> {
        let places = UnsafeMutablePointer<Text>.allocate(capacity: count)
        places.initialize(repeating: text, count: count)
        keptTexts.append(places)
        return places
    }

    /// A copy for as long as the workspace lives.
    func keep(_ bytes: [UInt8]) -> UnsafeMutablePointer<UInt8> {
        let copy = Self.copy(bytes)
        kept.append(copy)
        return copy
    }

    private static func copy(_ bytes: [UInt8]) -> UnsafeMutablePointer<UInt8> {
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + Int(VF_PADDING))
        copy.initialize(repeating: 0, count: bytes.count + Int(VF_PADDING))
        for (index, byte) in bytes.enumerated() { copy[index] = byte }
        return copy
    }

    /// A copy with padding, for as long as the workspace lives.
    func keep(_ string: String) -> Text {
        Text(keep(Array(string.utf8)), string.utf8.count)
    }
}
