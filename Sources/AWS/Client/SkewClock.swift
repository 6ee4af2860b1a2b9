import Events
import Synchronization

/// The time to sign with: our own, corrected by what AWS's answers show. A machine whose clock is wrong could otherwise sign nothing.
final class SkewClock: Sendable {
    /// From here on our clock, and not the network, is taken to be the reason.
    static let tolerated = Duration.seconds(4 * 60)

    private let clock: @Sendable () -> Timestamp
    private let offset = Mutex(Duration.zero)

    init(_ clock: @escaping @Sendable () -> Timestamp) { self.clock = clock }

    var now: Timestamp { clock() + offset.withLock(\.self) }

    /// Takes over the time of an answer that refused a signature.
    /// - Returns: how far the old time was off; nil where it was near enough, so that the signature was refused for something else.
    func correct(by date: Timestamp) -> Duration? {
        let off = date - now
        guard off > Self.tolerated || off < .zero - Self.tolerated else { return nil }
        offset.withLock { $0 = date - clock() }
        return off
    }
}
