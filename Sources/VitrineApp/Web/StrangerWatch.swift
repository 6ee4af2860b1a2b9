import Events
import Synchronization

/// Tells of who was turned away for a wrong token or password, or wanted the figures without any: a scraper that was set up wrong, or somebody who tries. A
/// browser asks for a page without a password first, always, so that says nothing.
final class StrangerWatch: Sendable {
    /// Between two lines: whoever tries often must not fill the log.
    static let pause = Duration.seconds(60)

    private struct State {
        var last: Timestamp?
        /// Turned away since the last line.
        var untold = 0
    }

    private let state = Mutex(State())
    private let reporter: Reporter
    private let now: @Sendable () -> Timestamp

    init(reporter: Reporter, now: @escaping @Sendable () -> Timestamp) {
        self.reporter = reporter
        self.now = now
    }

    func turnedAway(_ request: WebRequest, asksForMetrics: Bool) {
        guard request.authorization != nil || asksForMetrics else { return }
        let time = now()
        let count: Int? = state.withLock { state in
            state.untold += 1
            // A clock that was set back does not silence it.
            if let last = state.last, last <= time, time - last < Self.pause { return nil }
            defer { state = State(last: time) }
            return state.untold
        }
        guard let count else { return }
        reporter.report(
            DaemonEvent.requestUnauthorized(
                remote: request.remote ?? "unknown", path: String(request.path.prefix(200)), gave: request.authorization != nil, count: count))
    }
}
