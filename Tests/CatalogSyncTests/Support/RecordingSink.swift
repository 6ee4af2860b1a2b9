import CatalogSync
import Engine
import Events
import Synchronization

/// Keeps every event of a run.
final class RecordingSink: EventSink {
    private let events = Mutex<[(event: any Event, scope: EventScope)]>([])

    func receive(_ event: some Event, in scope: EventScope) { events.withLock { $0.append((event, scope)) } }

    var syncEvents: [SyncEvent] { events.withLock { $0.compactMap { $0.event as? SyncEvent } } }
    var engineEvents: [EngineEvent] { events.withLock { $0.compactMap { $0.event as? EngineEvent } } }

    func count(_ name: SyncEvent.Name) -> Int { syncEvents.count { $0.name == name } }
    func count(_ name: EngineEvent.Name) -> Int { engineEvents.count { $0.name == name } }

    /// All changes of one kind that events made to a metric with this outcome.
    func sum(_ kind: Signal.MetricChange.Kind, _ metric: MetricName, _ outcome: String) -> Int {
        events.withLock { events in
            var signal = Signal()
            for (event, _) in events { event.describe(to: &signal) }
            return Int(signal.changes.filter { $0.kind == kind && $0.metric == metric && $0.first?.value == outcome }.reduce(0) { $0 + $1.value })
        }
    }

    /// The last word on a gauge.
    func last(_ metric: MetricName) -> Double? {
        events.withLock { events in
            var signal = Signal()
            for (event, _) in events { event.describe(to: &signal) }
            return signal.changes.last { $0.kind == .set && $0.metric == metric }?.value
        }
    }
}
