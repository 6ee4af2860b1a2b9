import Engine
import Feed

/// Looks at every item that a run is about to send, and says what a person should see before it goes. Pure: it is told of the items one by one.
struct GuardWatch {
    private let limits: CatalogSyncConfiguration.Guards
    private let maxPriceMove: Double
    private let options: FeedOptions
    private let catalogue: KnownCatalogue
    /// A full load is announced: how much it is says nothing.
    private let expectsFull: Bool

    private var reader = ItemHosts()
    private var bound: BoundNames
    private var items = 0
    private var changed = Sighting()
    private var outOfStock = Sighting()
    private var moved = Sighting()
    private var samePrices = FrequentPrices()
    private var unseenHosts = Sighting()
    private var unseenCurrencies = Sighting()
    private var foreign = Sighting()
    private var seenHosts: Set<String> = []
    private var seenCurrencies: Set<String> = []

    /// The share of the known catalogue that more items than usual must come to before anybody is asked.
    static let notable = 0.1

    init(_ configuration: CatalogSyncConfiguration, catalogue: KnownCatalogue, expectsFull: Bool) {
        limits = configuration.guards
        maxPriceMove = configuration.validation.maxPriceMove
        options = configuration.feed
        bound = BoundNames(configuration.guards.bound)
        self.catalogue = catalogue
        self.expectsFull = expectsFull
    }

    /// Hosts and currencies of the items, to be remembered once they are sent.
    var seen: [String: [String]] { [SeenKind.host.rawValue: seenHosts.sorted(), SeenKind.currency.rawValue: seenCurrencies.sorted()] }

    // MARK: Seeing

    /// - Parameter known: nil for an item that is sent again as it was: where it leads is looked at, and that it is one more.
    mutating func see(_ winner: Winner, known: Subject?) {
        items += 1
        if limits.isOn, let known, known.sentContent != nil {
            changed.add(winner.item, "")
            seeStock(winner.item, known)
            seePrice(winner.item, known)
        }
        seeHosts(winner)
        seeCurrency(winner.item)
    }

    private static let available: Set<String> = ["in stock", "available for order", "preorder"]

    private mutating func seeStock(_ item: BatchItem, _ known: Subject) {
        guard let now = item.traits?.standing, let before = known.traits.standing, Self.available.contains(before), !Self.available.contains(now) else { return }
        outOfStock.add(item, "\(now), sent last: \(before)")
    }

    private mutating func seePrice(_ item: BatchItem, _ known: Subject) {
        guard let now = item.traits?.amount, let before = known.traits.amount, let currency = item.traits?.unit, currency == known.traits.unit,
            now != before
        else { return }
        func words() -> String { "\(ItemTraits.text(amount: now, currency: currency)), sent last: \(ItemTraits.text(amount: before, currency: currency))" }
        if before > 0, abs(Double(now) - Double(before)) / Double(before) > maxPriceMove { moved.add(item, words()) }
        samePrices.add(FrequentPrices.Price(amount: now, currency: currency), item, words())
    }

    private mutating func seeHosts(_ winner: Winner) {
        reader.read(winner.data)
        for host in reader.hosts {
            if seenHosts.count < SeenKind.most { seenHosts.insert(host) }
            guard limits.isOn else { continue }
            if !catalogue.hosts.contains(host) { unseenHosts.add(winner.item, host, value: host) }
            if let stranger = bound.stranger(host: host) { foreign.add(winner.item, host, value: stranger) }
        }
        if limits.isOn, let word = bound.forbiddenWord(file: winner.item.file) { foreign.add(winner.item, winner.item.file, value: word) }
    }

    private mutating func seeCurrency(_ item: BatchItem) {
        guard let currency = item.traits?.unit else { return }
        if seenCurrencies.count < SeenKind.most { seenCurrencies.insert(currency) }
        guard limits.isOn else { return }
        if !catalogue.currencies.contains(currency) { unseenCurrencies.add(item, currency, value: currency) }
        if let bound = limits.bound.currency, bound != currency { foreign.add(item, currency, value: currency) }
    }

    // MARK: Saying

    /// What speaks, in the order of the rules.
    var facts: [GuardFact] {
        guard limits.isOn else { return [] }
        return [samePrice, movedFar, turnedOutOfStock, aboveUsual, muchChanged, neverSeenHosts, neverSeenCurrencies, notOfThisCatalogue].compactMap(\.self)
    }

    private var samePrice: GuardFact? {
        guard let (price, sighting) = samePrices.most else { return nil }
        return fact(.p14, sighting, limit: limits.samePrice, "would all be given the price \(price.words)", values: [price.words])
    }

    private var movedFar: GuardFact? {
        fact(.p15, moved, limit: limits.priceMoves, "would move in price by more than \(ValidationDecision.percent(maxPriceMove))")
    }

    private var turnedOutOfStock: GuardFact? { fact(.v06, outOfStock, limit: limits.outOfStock, "would turn out of stock") }

    private var aboveUsual: GuardFact? {
        guard !expectsFull, let usual = catalogue.usualItems, Double(items) > limits.timesUsual * Double(max(usual, 1)), share(items) > Self.notable else { return nil }
        return make(.x02, items, [], [], "\(items) items would be sent; a usual run sends \(usual), and the limit is \(Self.times(limits.timesUsual)) times that")
    }

    private var muchChanged: GuardFact? { expectsFull ? nil : fact(.x03, changed, limit: limits.changed, "would change") }

    private var neverSeenHosts: GuardFact? {
        guard (1..<SeenKind.most).contains(catalogue.hosts.count) else { return nil }
        return fact(.x08, unseenHosts, limit: limits.unseen, "would lead to hosts never seen here (\(unseenHosts.words))")
    }

    private var neverSeenCurrencies: GuardFact? {
        guard !catalogue.currencies.isEmpty else { return nil }
        return fact(.x09, unseenCurrencies, limit: limits.unseen, "would have a currency never seen here (\(unseenCurrencies.words))")
    }

    /// Without history too: it is bound to what a person has written down.
    private var notOfThisCatalogue: GuardFact? {
        guard foreign.count > 0 else { return nil }
        let words = "\(foreign.count) \(foreign.count == 1 ? "item does" : "items do") not belong into this catalogue (\(foreign.words))"
        return make(.x10, foreign.count, foreign.values, foreign.examples, words)
    }

    /// A share of the known catalogue; silent without one.
    private func fact(_ rule: RuleID, _ sighting: Sighting, limit: Double, _ words: String, values: [String]? = nil) -> GuardFact? {
        let share = share(sighting.count)
        guard catalogue.products > 0, sighting.count > 0, share > limit else { return nil }
        let taken = catalogue.products < limits.floor ? ", taken as \(limits.floor)" : ""
        let sentence =
            "\(ValidationDecision.percent(share)) of the known catalogue (\(sighting.count) of \(catalogue.products) products\(taken)) \(words); "
            + "the limit is \(ValidationDecision.percent(limit))"
        return make(rule, sighting.count, values ?? sighting.values, sighting.examples, sentence)
    }

    private func share(_ count: Int) -> Double { Double(count) / Double(max(catalogue.products, limits.floor, 1)) }

    private func make(_ rule: RuleID, _ items: Int, _ values: [String], _ examples: [FindingSummary.Example], _ words: String) -> GuardFact? {
        let severity = options.severity(of: rule)
        guard severity != .off else { return nil }
        return GuardFact(rule: rule.rawValue, severity: severity.rawValue, items: items, words: words, values: values, examples: examples)
    }

    private static func times(_ number: Double) -> String { number == number.rounded() ? String(Int(number)) : String(number) }
}
