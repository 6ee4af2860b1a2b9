/// What is known of one batch: an end for each item, and the parcels it travelled in.
struct BatchRecord: Sendable {
    /// How an item stands. Everything but `pending` counts as sent; `posting` and `open` count as unknown until a verdict comes.
    enum ItemState: UInt8, Sendable {
        case pending, posting, open, accepted, refused
    }

    private(set) var states: [ItemState]
    /// Items without an end: most batches of a long run have none any more, and are passed over.
    private var undecided: Int
    private(set) var warned: Set<Int> = []
    private(set) var messages: [Int: [String]] = [:]
    private var parcels: [String] = []
    /// For each item the place in `parcels` of the one that had the last word on it.
    private var carriers: [Int32]
    private static let neverPosted: Int32 = -1

    /// The longest message kept of one item, in characters, and the most messages.
    private static let messageLimit = 600
    private static let messagesPerItem = 4

    init(count: Int) {
        states = Array(repeating: .pending, count: count)
        undecided = count
        carriers = Array(repeating: Self.neverPosted, count: count)
    }

    func openIndices(in range: Range<Int>) -> [Int] { undecided == 0 ? [] : range.filter { isOpen($0) } }

    func hasOpen(in range: Range<Int>) -> Bool { undecided > 0 && range.contains { isOpen($0) } }

    private func isOpen(_ index: Int) -> Bool { states[index] != .accepted && states[index] != .refused }

    /// The parcel that had the last word on an item; nil: never posted.
    func carrier(of index: Int) -> String? { carriers[index] == Self.neverPosted ? nil : parcels[Int(carriers[index])] }

    /// Items that were posted and are not pending again.
    var sentCount: Int { states.indices.reduce(0) { $0 + (states[$1] != .pending && carriers[$1] != Self.neverPosted ? 1 : 0) } }

    /// Those that have not travelled yet.
    func fresh(among indices: [Int]) -> Set<Int> { Set(indices.filter { states[$0] == .pending }) }

    func count(_ wanted: ItemState...) -> Int { states.reduce(0) { $0 + (wanted.contains($1) ? 1 : 0) } }

    mutating func post(_ range: Range<Int>, by parcel: String) {
        let place = Int32(parcels.count)
        parcels.append(parcel)
        for index in openIndices(in: range) {
            if states[index] == .pending { states[index] = .posting }
            carriers[index] = place
        }
    }

    /// Nothing of it was stored: what had not travelled before is pending again.
    mutating func decline(_ range: Range<Int>) {
        for index in range where states[index] == .posting { states[index] = .pending }
    }

    mutating func open(_ range: Range<Int>) {
        for index in range where states[index] == .posting { states[index] = .open }
    }

    mutating func refuse(_ items: [ItemMessage]) {
        for item in items where states.indices.contains(item.index) {
            // What it is refused for goes before what it was warned of: report and list group by the first word.
            note(item, goesFirst: states[item.index] != .refused)
            decide(item.index, .refused)
        }
    }

    mutating func warn(_ items: [ItemMessage]) {
        for item in items where states.indices.contains(item.index) {
            warned.insert(item.index)
            note(item, goesFirst: false)
        }
    }

    mutating func acceptRest(of range: Range<Int>) {
        for index in openIndices(in: range) { decide(index, .accepted) }
    }

    private mutating func decide(_ index: Int, _ end: ItemState) {
        if isOpen(index) { undecided -= 1 }
        states[index] = end
    }

    private mutating func note(_ item: ItemMessage, goesFirst: Bool) {
        let text = String(item.message.prefix(Self.messageLimit))
        guard !text.isEmpty else { return }
        var texts = messages[item.index] ?? []
        if goesFirst {
            texts = [text] + texts.filter { $0 != text }
        } else if !texts.contains(text) {
            texts.append(text)
        }
        messages[item.index] = Array(texts.prefix(Self.messagesPerItem))
    }
}
