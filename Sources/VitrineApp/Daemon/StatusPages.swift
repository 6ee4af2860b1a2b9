import Engine
import Synchronization

/// The status page of the settings that are in force now.
final class StatusPages: PageResponder {
    private let daemon: Daemon
    private let world: World
    /// Kept as long as the settings: it remembers what is costly to find out.
    private let current: Mutex<(session: AppSession, page: StatusPage)?> = Mutex(nil)

    init(daemon: Daemon, world: World) {
        self.daemon = daemon
        self.world = world
    }

    func respond(to request: PageRequest) async -> PageResponse? { await page.respond(to: request) }

    private var page: StatusPage {
        let session = daemon.session
        return current.withLock { current in
            if let current, current.session === session { return current.page }
            let page = StatusPage(source: StatusPageSource(loaded: session.loaded, world: world, ledger: { session.ledger }))
            current = (session, page)
            return page
        }
    }
}
