public import Events

/// Messages that are to be sent, in their order. A pure machine: the caller keeps it on the disk before it sends anything.
///
/// A channel is claimed by one process at a time and hears its messages in order: while it cannot be reached the others wait. A message that
/// its receiver refuses is tried again now and then, and nothing waits for it.
public struct Outbox: Sendable, Equatable, Codable {
    public internal(set) var entries: [OutboxEntry] = []
    /// By channel: who delivers now.
    var claims: [String: Claim] = [:]

    struct Claim: Sendable, Equatable, Codable {
        var owner: String
        /// After that its owner is dead.
        var until: Timestamp
    }

    /// Messages that may wait. One more, and the oldest is given up.
    public static let limit = 1000
    /// A message that nobody took for so long is given up: by then it is no news.
    public static let patience = Duration.seconds(3 * 86_400)
    static let firstPause = Duration.seconds(30)
    static let longestPause = Duration.seconds(1800)
    /// Messages that a channel may refuse in one pass before it is left alone.
    static let mostRefusals = 5
    /// Longer than any attempt can take: see `AlertChannel.timeout`.
    static let claimTime = Duration.seconds(60)

    public init() {}

    /// - Returns: what had to be given up to make room.
    mutating func add(_ notices: [AlertNotice], channels: Set<String>, at now: Timestamp) -> [OutboxEntry] {
        for notice in notices {
            for channel in notice.channels where channels.contains(channel) {
                let entry = OutboxEntry(notice, channel: channel, at: now)
                if !entries.contains(where: { $0.id == entry.id }) { entries.append(entry) }
            }
        }
        let tooMany = Array(entries.prefix(max(0, entries.count - Self.limit)))
        entries.removeFirst(tooMany.count)
        return tooMany
    }

    /// Channels with a message that is due.
    func due(at now: Timestamp) -> [String] {
        var seen: Set<String> = []
        return open.filter { $0.notBefore <= now && seen.insert($0.channel).inserted }.map(\.channel)
    }

    /// When there is something to do next; nil where nothing waits.
    public func next() -> Timestamp? { open.map(\.notBefore).min() }

    /// What may be sent when its time comes: of each channel the first message that was not refused, behind which the others wait, then those that
    /// were refused.
    private var open: [OutboxEntry] {
        var seen: Set<String> = []
        return entries.filter { $0.refusedSince == nil && seen.insert($0.channel).inserted } + entries.filter { $0.refusedSince != nil }
    }

    /// The first message of a channel that is due, which is the caller's to send until its claim ends. Nil where none is or another delivers.
    mutating func claim(_ channel: String, owner: String, at now: Timestamp) -> OutboxEntry? {
        if let claim = claims[channel], claim.owner != owner, now < claim.until { return nil }
        guard let entry = open.first(where: { $0.channel == channel && $0.notBefore <= now }) else {
            claims[channel] = nil
            return nil
        }
        claims[channel] = Claim(owner: owner, until: now + Self.claimTime)
        return entry
    }

    mutating func sent(_ id: String, owner: String) {
        entries.removeAll { $0.id == id }
        release(owner)
    }

    /// The caller was told to stop within an attempt: that says nothing of the receiver, and whoever comes next may try at once.
    mutating func giveBack(_ owner: String) { release(owner) }

    /// - Parameters:
    ///   - isFinal: the receiver will never take this message as it is.
    ///   - jitter: 0.5...1, so that many processes do not come back at once.
    ///   - fallbacks: by channel.
    mutating func failed(
        _ id: String, isFinal: Bool, owner: String, jitter: Double, fallbacks: [String: AlertFallback], at now: Timestamp
    ) -> FailureOutcome {
        release(owner)
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return .gone }
        entries[index].attempts += 1
        let since = entries[index].failingSince ?? now
        entries[index].failingSince = since
        entries[index].refusedSince = isFinal ? entries[index].refusedSince ?? now : nil
        var entry = entries[index]
        if now - entry.queuedAt >= Self.patience {
            entries.remove(at: index)
            return .givenUp(entry)
        }
        let doublings = min(entry.attempts - 1, 10)
        let pause = min(Self.firstPause * (1 << doublings), Self.longestPause) * jitter
        entry.notBefore = now + pause
        entries[index] = entry
        fallBack(behind: entry, isFinal: isFinal, fallbacks: fallbacks, at: now)
        return .retried(entries[index], to: entries[index].fellBackTo)
    }

    /// Everything that waits behind a channel that stays down is told through its second one, once; of what is refused only the message itself.
    private mutating func fallBack(behind entry: OutboxEntry, isFinal: Bool, fallbacks: [String: AlertFallback], at now: Timestamp) {
        guard let fallback = fallbacks[entry.channel], fallback.channel != entry.channel, entry.insteadOf == nil, let since = entry.failingSince,
            isFinal || now - since >= fallback.after
        else { return }
        for index in entries.indices where entries[index].channel == entry.channel && entries[index].fellBackTo == nil {
            guard !isFinal || entries[index].id == entry.id, fallback.carriesLetters || entries[index].notice.digest == nil else { continue }
            entries[index].fellBackTo = fallback.channel
            let copy = OutboxEntry(entries[index].notice, channel: fallback.channel, insteadOf: entry.channel, at: now)
            if !entries.contains(where: { $0.id == copy.id }) { entries.append(copy) }
        }
    }

    private mutating func release(_ owner: String) { claims = claims.filter { $0.value.owner != owner } }

    enum FailureOutcome: Equatable {
        case retried(OutboxEntry, to: String?)
        case givenUp(OutboxEntry)
        /// Another process has delivered it meanwhile.
        case gone
    }
}
