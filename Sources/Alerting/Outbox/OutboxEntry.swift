public import Events

/// One notice on its way to one channel.
public struct OutboxEntry: Sendable, Equatable, Codable {
    /// Of notice and channel: the same for every attempt, over every crash.
    public var id: String
    public var notice: AlertNotice
    public var channel: String
    public var queuedAt: Timestamp
    /// Attempts that failed.
    public var attempts: Int
    /// Since when it cannot be delivered.
    public var failingSince: Timestamp?
    /// Since when the receiver refuses it as it is: then it is the message that is wrong, and others need not wait for it. Nil: not refused.
    public var refusedSince: Timestamp?
    /// Not tried before.
    public var notBefore: Timestamp
    /// The channel that has been told in place of this one.
    public var fellBackTo: String?
    /// Where this entry stands in for another channel: its name.
    public var insteadOf: String?

    init(_ notice: AlertNotice, channel: String, insteadOf: String? = nil, at now: Timestamp) {
        id = "\(notice.id)@\(channel)"
        self.notice = notice
        self.channel = channel
        queuedAt = now
        attempts = 0
        notBefore = now
        self.insteadOf = insteadOf
    }
}

/// Where a channel's messages go when it cannot be reached.
public struct AlertFallback: Sendable, Equatable {
    public var channel: String
    /// After how long without success; at once where the receiver refuses the message.
    public var after: Duration
    /// Where it does not, letters wait for their own channel.
    public var carriesLetters: Bool

    public init(channel: String, after: Duration = .seconds(900), carriesLetters: Bool = true) {
        self.channel = channel
        self.after = after
        self.carriesLetters = carriesLetters
    }
}
