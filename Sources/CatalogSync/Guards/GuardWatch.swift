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

    private var hosts = ItemHosts()
    private var items = 0
    private var changed = Sighting()
    private var outOfStock = Sighting()
    private var moved = Sighting()
    private var samePrices: [String: Sighting] = [:]
    private var unseenHosts = Sighting()
    private var unseenCurrencies = Sighting()
    private var foreign = Sighting()
    private var seenHosts: Set<String> = []
    private var seenCurrencies: Set<String> = []

    /// Different new prices followed; one that stands everywhere is among the first.
    private static let mostPrices = 10_000
    /// The share of the known catalogue that more items than usual must come to before anybody is asked.
    static let notable = 0.1

    init(_ configuration: CatalogSyncConfiguration, catalogue: KnownCatalogue, expectsFull: Bool) {
        limits = configuration.guards
        maxPriceMove = configuration.validation.maxPriceMove
        options = configuration.feed
        self.catalogue = catalogue
        self.expectsFull = expectsFull
    }

    /// Hosts and currencies of the items, to be remembered once they are sent.
    var seen: [String: [String]] {
        [SeenKind.host.rawValue: Self.first(seenHosts), SeenKind.currency.rawValue: Self.first(seenCurrencies)]
    }

    private static func first(_ words: Set<String>) -> [String] { Array(words.sorted().prefix(SeenKind.mostOfARun)) }

    // MARK: Seeing

    mutating func see(_ winner: Winner, known: Subject?) {
        items += 1
        if let known, known.sentContent != nil {
            changed.add(winner, "")
            seeStock(winner, known)
            seePrice(winner, known)
        }
        seeHosts(winner)
        seeCurrency(winner)
    }

    private static let available: Set<String> = ["in stock", "available for order", "preorder"]

    private mutating func seeStock(_ winner: Winner, _ known: Subject) {
        guard let now = winner.item.traits?.standing, let before = known.traits.standing, Self.available.contains(before), !Self.available.contains(now)
        else { return }
        outOfStock.add(winner, "\(now), sent last: \(before)")
    }

    private mutating func seePrice(_ winner: Winner, _ known: Subject) {
        guard let now = winner.item.traits?.amount, let before = known.traits.amount, let currency = winner.item.traits?.unit,
            currency == known.traits.unit, now != before
        else { return }
        let price = ItemTraits.text(amount: now, currency: currency)
        let words = "\(price), sent last: \(ItemTraits.text(amount: before, currency: currency))"
        if before > 0, abs(Double(now) - Double(before)) / Double(before) > maxPriceMove { moved.add(winner, words) }
        if samePrices[price] != nil || samePrices.count < Self.mostPrices { samePrices[price, default: Sighting()].add(winner, words) }
    }

    private mutating func seeHosts(_ winner: Winner) {
        hosts.read(winner.data)
        var unseen: String?
        for host in hosts.hosts {
            if seenHosts.count < SeenKind.mostOfARun { seenHosts.insert(host) }
            if !catalogue.hosts.contains(host) { unseen = unseen ?? host }
            if !limits.bound.allows(host: host) { foreign.add(winner, host, value: host) }
            if let word = limits.bound.forbiddenWord(in: host) { foreign.add(winner, host, value: word) }
        }
        if let unseen { unseenHosts.add(winner, unseen, value: unseen) }
        if let word = limits.bound.forbiddenWord(in: winner.item.file) { foreign.add(winner, winner.item.file, value: word) }
    }

    private mutating func seeCurrency(_ winner: Winner) {
        guard let currency = winner.item.traits?.unit else { return }
        seenCurrencies.insert(currency)
        if !catalogue.currencies.contains(currency) { unseenCurrencies.add(winner, currency, value: currency) }
        if let bound = limits.bound.currency, bound != currency { foreign.add(winner, currency, value: currency) }
    }

    // MARK: Saying

    /// What speaks, in the order of the rules. - Parameter released: what a person has let go already.
    func facts(released: [GuardFact] = []) -> [GuardFact] {
        guard limits.isOn else { return [] }
        let spoken = [samePrice, movedFar, turnedOutOfStock, aboveUsual, muchChanged, neverSeenHosts, neverSeenCurrencies, notOfThisCatalogue]
        return spoken.compactMap { $0 }.filter { fact in !released.contains { fact.isWithin($0) } }
    }

    private var samePrice: GuardFact? {
        guard let (price, sighting) = samePrices.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }) else { return nil }
        return fact(.p14, sighting, limit: limits.samePrice, "would all be given the price \(price)")
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
        guard !catalogue.hosts.isEmpty else { return nil }
        return fact(.x08, unseenHosts, limit: limits.unseen, "would lead to hosts never seen here (\(unseenHosts.words))")
    }

    private var neverSeenCurrencies: GuardFact? {
        guard !catalogue.currencies.isEmpty else { return nil }
        return fact(.x09, unseenCurrencies, limit: limits.unseen, "would have a currency never seen here (\(unseenCurrencies.words))")
    }

    /// Without history too: it is bound to what a person has written down.
    private var notOfThisCatalogue: GuardFact? {
        guard foreign.count > 0 else { return nil }
        return make(.x10, foreign.count, foreign.values, foreign.examples, "\(foreign.count) items do not belong into this catalogue (\(foreign.words))")
    }

    /// A share of the known catalogue; silent without one.
    private func fact(_ rule: RuleID, _ sighting: Sighting, limit: Double, _ words: String) -> GuardFact? {
        let share = share(sighting.count)
        guard catalogue.products > 0, sighting.count > 0, share > limit else { return nil }
        let taken = catalogue.products < limits.floor ? ", taken as \(limits.floor)" : ""
        let sentence =
            "\(ValidationDecision.percent(share)) of the known catalogue (\(sighting.count) of \(catalogue.products) products\(taken)) \(words); "
            + "the limit is \(ValidationDecision.percent(limit))"
        return make(rule, sighting.count, sighting.values, sighting.examples, sentence)
    }

    private func share(_ count: Int) -> Double { Double(count) / Double(max(catalogue.products, limits.floor, 1)) }

    private func make(_ rule: RuleID, _ items: Int, _ values: [String], _ examples: [FindingSummary.Example], _ words: String) -> GuardFact? {
        let severity = options.severity(of: rule)
        guard severity != .off else { return nil }
        return GuardFact(rule: rule.rawValue, severity: severity.rawValue, items: items, words: words, values: values, examples: examples)
    }

    private static func times(_ number: Double) -> String { number == number.rounded() ? String(Int(number)) : String(number) }
}

/// Items that one guard has met: how many, the first few, and what they have that is new.
private struct Sighting {
    private(set) var count = 0
    private(set) var examples: [FindingSummary.Example] = []
    private var found: Set<String> = []
    private var last = ""

    var values: [String] { found.sorted() }
    var words: String { values.prefix(3).joined(separator: ", ") + (found.count > 3 ? " and \(found.count - 3) more" : "") }

    /// An item counts once, whatever of it is told.
    mutating func add(_ winner: Winner, _ said: String, value: String? = nil) {
        if let value, found.count < GuardFact.mostValues { found.insert(value) }
        guard winner.item.id != last || count == 0 else { return }
        last = winner.item.id
        count += 1
        guard examples.count < SyncReport.Refusals.exampleLimit else { return }
        examples.append(.init(file: winner.item.file, row: winner.item.row, productID: winner.item.id, column: "", value: said))
    }
}

extension HoldFacts {
    /// Nil: the run goes on.
    init?(_ spoken: [GuardFact], pipeline: String, runID: String, items: Int, batches: Int) {
        let guards = spoken.filter { $0.severity == Severity.hold.rawValue }
        guard !guards.isEmpty else { return nil }
        let what = guards.map { "\($0.words) (\($0.rule))" }.joined(separator: "; ")
        let would = "It would have sent \(items) \(items == 1 ? "item" : "items") in \(batches) \(batches == 1 ? "batch" : "batches")"
        self.init(
            guards: guards, items: items, batches: batches,
            stop: StopFacts(
                code: .tryAgainLater, reason: Hold.reason, culprit: pipeline, detail: "\(what). \(would)",
                remedy: runID.isEmpty
                    ? "Look at the products named. A run waits for a person then; one that is meant to be so large: vitrine run \(pipeline) --expect-full"
                    : "Look at the products named. If they are right: vitrine release \(runID) --reason TEXT. If not: vitrine discard \(runID) --reason TEXT takes the files away."))
    }
}
