import Engine
import Synchronization
import Telemetry

/// The figures as a file for node_exporter's textfile collector. A short run begins at zero, so the totals go on from the ledger: two equal
/// runs add up, also where they end at the same time in two processes.
final class TextfileWriter: Sendable {
    private let path: String
    private let ledger: Ledger
    /// What the ledger has of this process.
    private let kept = Mutex<MetricSnapshot?>(nil)

    init(path: String, ledger: Ledger) {
        self.path = path
        self.ledger = ledger
    }

    /// The file is written while the ledger is locked, so that no older totals can come behind newer ones.
    /// - Parameter worked: the pipelines that this process knows the gauges of; those of others are as the last process has left them.
    func write(_ snapshot: MetricSnapshot, worked: Set<String>) throws {
        try kept.withLock { kept in
            let own = snapshot.gauges(of: worked)
            try ledger.keepFigures(adding: snapshot.increments(since: kept), replacing: own) { figures in
                try AtomicFile.write(PrometheusText.render(snapshot.replacing(figures)), to: path)
            }
            kept = snapshot
        }
    }
}
