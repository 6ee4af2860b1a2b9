import Events
import MetaCatalog
import Synchronization

/// Closed while Meta wants no calls. Calls made during a block lengthen it, so every caller of one catalogue waits at the same gate.
final class QuotaGate: Sendable {
    private struct State {
        var opens = Timestamp(nanoseconds: 0)
        var waited = Duration.zero
        var refusedInARow = 0
    }

    private let state = Mutex(State())

    /// Sum of the waits since the last call that went through: what `patience` is measured against.
    var waited: Duration { state.withLock { $0.waited } }

    /// Posts answered without a handle since the last one that got one, in this process; a later run may find Meta in another mood.
    func answered(withHandle: Bool) -> Int {
        state.withLock { state in
            state.refusedInARow = withHandle ? 0 : state.refusedInARow + 1
            return state.refusedInARow
        }
    }

    func untilOpen(now: Timestamp) -> Duration { state.withLock { max(.zero, $0.opens - now) } }

    func close(until: Timestamp, waiting: Duration) {
        state.withLock { state in
            state.opens = max(state.opens, until)
            state.waited += waiting
        }
    }

    /// A call was answered. Where its usage headers say that the quota is spent, the gate closes before Meta has to refuse the next one.
    func passed(_ usage: [UsageReading], now: Timestamp, floor: Duration, reporter: Reporter) {
        state.withLock { $0.waited = .zero }
        for reading in usage {
            reporter.report(SyncEvent.quotaRead(quota: reading.quota, ratio: reading.ratio))
            if reading.ratio >= 1 { close(until: now + max(reading.regainAccess ?? .zero, floor), waiting: .zero) }
        }
    }
}
