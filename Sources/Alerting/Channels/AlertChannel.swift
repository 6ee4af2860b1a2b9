/// A way to tell people.
public protocol AlertChannel: Sendable {
    /// Returns once the receiver has taken the message. Must end within `AlertDesk.attemptTime`. Sending the same notice again is to be harmless
    /// as far as the receiver allows.
    func send(_ notice: AlertNotice, insteadOf: String?) async throws(DeliveryFailure)
    /// The same for a letter.
    func send(_ letter: AlertLetter) async throws(DeliveryFailure)
}

extension AlertChannel {
    public func send(_ letter: AlertLetter) async throws(DeliveryFailure) {
        throw DeliveryFailure(culprit: "this kind of channel carries no letters", remedy: "send the digest to a channel of kind email or sns", isFinal: true)
    }
}

/// Why a channel did not take a message.
public struct DeliveryFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Who refused and what was seen. No secret, no text of the message.
    public var culprit: String
    public var remedy: String
    /// The receiver will not take this message however often it is sent.
    public var isFinal: Bool

    public init(culprit: String, remedy: String, isFinal: Bool) {
        self.culprit = PlainText.line(culprit)
        self.remedy = remedy
        self.isFinal = isFinal
    }

    public var description: String { "\(culprit); \(remedy)" }
}
