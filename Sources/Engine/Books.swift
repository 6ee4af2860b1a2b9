/// The sums that prove that nothing was lost. Every number is counted where it happens; none is got by subtraction.
public struct Books: Sendable, Equatable, Codable {
    public struct Rows: Sendable, Equatable, Codable {
        public var read = 0
        public var rejected = 0
        public var superseded = 0
        public var unchanged = 0
        public var held = 0
        public var sent = 0
        public var pending = 0
        public init() {}
    }

    public struct Items: Sendable, Equatable, Codable {
        public var sent = 0
        public var accepted = 0
        /// A part of `accepted`, and a lower bound: the ids that Meta named.
        public var warned = 0
        public var refused = 0
        public var unknown = 0
        public init() {}
    }

    public var rows = Rows()
    public var items = Items()

    public init() {}

    /// Each sum that does not come out, in words. Empty: the books balance.
    public var imbalances: [String] {
        var found: [String] = []
        let ends = rows.rejected + rows.superseded + rows.unchanged + rows.held + rows.sent + rows.pending
        if rows.read != ends {
            found.append(
                "\(rows.read) rows read, but \(rows.rejected) rejected + \(rows.superseded) superseded + \(rows.unchanged) unchanged"
                    + " + \(rows.held) held + \(rows.sent) sent + \(rows.pending) pending = \(ends)")
        }
        if rows.sent != items.sent { found.append("\(rows.sent) rows sent, but \(items.sent) items sent") }
        let verdicts = items.accepted + items.refused + items.unknown
        if items.sent != verdicts {
            found.append(
                "\(items.sent) items sent, but \(items.accepted) accepted + \(items.refused) refused + \(items.unknown) unknown = \(verdicts)")
        }
        if items.warned > items.accepted { found.append("\(items.warned) warned, more than \(items.accepted) accepted") }
        return found
    }

    public var balanced: Bool { imbalances.isEmpty }

    /// Rows without an end: what `vitrine_unaccounted_rows` shows. 0 in a balanced run.
    public var unaccountedRows: Int {
        abs(rows.read - (rows.rejected + rows.superseded + rows.unchanged + rows.held + rows.sent + rows.pending))
            + abs(rows.sent - items.sent) + abs(items.sent - items.accepted - items.refused - items.unknown)
    }
}
