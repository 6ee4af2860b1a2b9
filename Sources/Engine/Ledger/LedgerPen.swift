/// Writes the receipts of one run in large transactions, each in the order of its subjects: subjects lie in that order, and a transaction that
/// touches every page of the table once for some rows writes all of it anew.
public struct LedgerPen: ~Copyable {
    private let ledger: Ledger
    private let run: RunFacts
    private let knowsSubjects: Bool
    private var waiting: [Receipt] = []

    /// Receipts of a transaction; some 10 MB.
    private static let most = 30_000

    /// - Parameter knowsSubjects: false for a run that says nothing of the subjects: only what became of its rows is kept.
    public init(_ ledger: Ledger, run: RunFacts, knowsSubjects: Bool = true) {
        self.ledger = ledger
        self.run = run
        self.knowsSubjects = knowsSubjects
    }

    public mutating func write(_ receipts: [Receipt]) throws {
        for start in stride(from: 0, to: receipts.count, by: Self.most) {
            waiting += receipts[start..<min(start + Self.most, receipts.count)]
            if waiting.count >= Self.most { try flush() }
        }
    }

    /// Once more at the end.
    public mutating func flush() throws {
        guard !waiting.isEmpty else { return }
        // By place where subjects are equal: their history keeps its order.
        let order = waiting.indices.sorted { (waiting[$0].subject, $0) < (waiting[$1].subject, $1) }
        let receipts = waiting
        try ledger.append(order.lazy.map { receipts[$0] }, of: run, knowsSubjects: knowsSubjects)
        waiting = []
    }
}
