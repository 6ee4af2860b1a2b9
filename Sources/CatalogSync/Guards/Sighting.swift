import Feed

/// Items that one guard has met: how many, the first few, and what they have that is new.
struct Sighting {
    private(set) var count = 0
    private(set) var examples: [FindingSummary.Example] = []
    private var found: Set<String> = []
    private var last = ""

    var values: [String] { found.sorted() }
    var words: String { values.prefix(3).joined(separator: ", ") + (found.count > 3 ? " and \(found.count - 3) more" : "") }

    /// An item counts once, whatever of it is told.
    mutating func add(_ item: BatchItem, _ said: @autoclosure () -> String, value: String? = nil) {
        if let value, found.count < GuardFact.mostValues { found.insert(value) }
        guard count == 0 || item.id != last else { return }
        last = item.id
        count += 1
        guard examples.count < SyncReport.Refusals.exampleLimit else { return }
        examples.append(.init(file: item.file, row: item.row, productID: item.id, column: "", value: said()))
    }

    fileprivate mutating func forgetOne() { count -= 1 }
}

/// The most frequent of any number of new prices, with the memory of some thousand (Misra and Gries, 1982): whatever is a larger share than one in
/// `most` is kept, and counted too low by no more than that share.
struct FrequentPrices {
    struct Price: Hashable {
        var amount: Int64
        var currency: String
        var words: String { ItemTraits.text(amount: amount, currency: currency) }
    }

    private var sightings: [Price: Sighting] = [:]
    private static let mostPrices = 10_000

    var most: (Price, Sighting)? { sightings.max { ($0.value.count, $1.key.amount) < ($1.value.count, $0.key.amount) }.map { ($0.key, $0.value) } }

    mutating func add(_ price: Price, _ item: BatchItem, _ said: @autoclosure () -> String) {
        if sightings[price] != nil || sightings.count < Self.mostPrices { return sightings[price, default: Sighting()].add(item, said()) }
        for key in sightings.keys {
            sightings[key]?.forgetOne()
            if sightings[key]?.count == 0 { sightings[key] = nil }
        }
    }
}
