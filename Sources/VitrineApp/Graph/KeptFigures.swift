import Engine
import Synchronization
import Telemetry

/// The figures as they go on from process to process: a short run begins at zero, so the totals go on from the ledger. Two equal runs add up, also where
/// they end at the same time in two processes.
final class KeptFigures: Sendable {
    private let textfile: String?
    private let ledger: Ledger
    /// What the ledger has of this process.
    private let kept = Mutex<MetricSnapshot?>(nil)

    /// - Parameter textfile: for node_exporter's textfile collector; nil: there is none.
    init(textfile: String?, ledger: Ledger) {
        self.textfile = textfile
        self.ledger = ledger
    }

    /// Adds what has come since the last time, writes the file where there is one, and says the totals. The file is written while the ledger is
    /// locked, so that no older totals can come behind newer ones.
    /// - Parameter worked: the pipelines that this process knows the gauges of; those of others are as the last process has left them.
    func keep(_ snapshot: MetricSnapshot, worked: Set<String>) throws -> MetricSnapshot {
        try kept.withLock { kept in
            let own = snapshot.gauges(of: worked)
            var totals = snapshot
            try ledger.keepFigures(adding: snapshot.increments(since: kept), replacing: own) { figures in
                totals = snapshot.replacing(figures)
                if let textfile { try AtomicFile.write(PrometheusText.render(totals), to: textfile) }
            }
            kept = snapshot
            return totals
        }
    }
}
