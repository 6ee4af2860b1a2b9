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
}
