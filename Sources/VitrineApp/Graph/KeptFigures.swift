import Engine
import Events
import Synchronization
import Telemetry

/// The figures as they go on from process to process: a short run begins at zero, so the totals go on from the ledger. Two equal runs add up, also where
/// they end at the same time in two processes, and so do `serve` and a run beside it.
final class KeptFigures: Sendable {
    private let ledger: Ledger
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    private struct State {
        /// What the ledger has of this process's counters.
        var kept: MetricSnapshot?
        /// The gauges as this process has written them last: only what it changes since is its own word, and may stand over another process's.
        var gauges: MetricFigures = [:]
    }

    init(ledger: Ledger, now: @escaping @Sendable () -> Timestamp) {
        self.ledger = ledger
        self.now = now
    }

    /// Adds what has come since the last time, and says the totals. What is kept is kept whatever becomes of the totals.
    /// - Parameter worked: the pipelines that this process knows the gauges of; those of others are as the last process has left them.
    /// - Throws: `LedgerError`; nothing was kept then, and the next time tries all of it again.
    func keep(_ snapshot: MetricSnapshot, worked: Set<String>) throws -> OTLPFigures {
        try state.withLock { state in
            let gauges = snapshot.gauges(of: worked).filter { state.gauges[$0.key] != $0.value }
            try ledger.keepFigures(adding: snapshot.increments(since: state.kept), replacing: gauges)
            state.kept = snapshot
            state.gauges.merge(gauges) { $1 }
        }
        return try ledger.withFigures { [now] in OTLPFigures(snapshot: snapshot.replacing($0), tellsStart: false, at: now()) }
    }

    /// For node_exporter's textfile collector. Written while the ledger is locked, so that no older totals come behind newer ones.
    /// - Parameter snapshot: has been kept.
    /// - Throws: where the file cannot be written.
    func write(_ snapshot: MetricSnapshot, to textfile: String) throws {
        try ledger.withFigures { try AtomicFile.write(PrometheusText.render(snapshot.replacing($0)), to: textfile) }
    }
}
