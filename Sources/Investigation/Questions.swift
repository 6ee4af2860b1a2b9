public import Engine

/// The questions that people ask after the fact, answered from what Vitrine remembers. They read and never write, each is bounded, and none
/// calls anybody: the command line, the status page and a monitor may ask at any time, also while a run is at work.
///
/// All of them throw `LedgerError` where the ledger cannot be read.
public struct Questions: Sendable {
    let ledger: Ledger

    public init(ledger: Ledger) { self.ledger = ledger }
}
