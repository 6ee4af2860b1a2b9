public import Events

/// Once a day, at the same time on the wall, a letter about how things stand.
public struct DigestPlan: Sendable, Equatable {
    /// From local midnight, 0..<1440.
    public var minute: Int
    public var zone: ZoneRules
    /// Names of channels that carry letters.
    public var channels: [String]

    public init(minute: Int, zone: ZoneRules, channels: [String]) {
        self.minute = min(max(minute, 0), 1439)
        self.zone = zone
        self.channels = channels
    }

    /// What is to be written now; nil where the digest of this day is on its way already.
    /// - Parameter last: when the last one was put on its way; nil: there was none.
    func order(after last: Timestamp?, at now: Timestamp) -> DigestOrder? {
        let today = zone.day(of: now)
        // The last time of the day that is not in the future: today's or yesterday's.
        guard let slot = [today, today - 1].map({ zone.moment(day: $0, minute: minute) }).first(where: { $0 <= now }) else { return nil }
        if let last, last >= slot { return nil }
        return DigestOrder(slot: slot, from: last ?? slot + .seconds(-86_400), until: now)
    }
}

/// A digest that is to be written: about which time. What it says is found out when it is sent.
public struct DigestOrder: Sendable, Equatable, Codable {
    /// The time of the day it belongs to.
    public var slot: Timestamp
    /// What has changed since then is news.
    public var from: Timestamp
    public var until: Timestamp

    public init(slot: Timestamp, from: Timestamp, until: Timestamp) {
        self.slot = slot
        self.from = from
        self.until = until
    }
}

extension AlertNotice {
    /// The letter of a day on its way. The same order makes the same notice, so that it goes out once.
    init(_ order: DigestOrder, channels: [String]) {
        let rule = AlertRule(name: "digest", trigger: .ends([]), severity: .info, channels: channels)
        let verdict = RuleVerdict(rule: rule, pipeline: "", runID: nil, standing: .bad, figure: nil, reason: "the digest of the day", families: [])
        var incident = Incident(verdict, at: order.slot)
        incident.told(at: order.slot)
        self.init(kind: .opened, incident: incident, at: order.until, channels: channels, heldBack: 0, context: AlertContext(), digest: order)
    }
}
