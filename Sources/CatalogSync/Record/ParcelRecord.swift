public import Events

/// One parcel's way.
public struct ParcelRecord: Sendable, Equatable {
    public enum Phase: Sendable, Equatable {
        case ready
        /// The intent is in the journal, the answer is not.
        case posting
        /// Meta answered without a handle.
        case refusedWhole
        case handled
        case ended(Ending)
    }

    public enum Ending: String, Sendable, Equatable {
        case finished
        /// `error`, `canceled`, or a handle that Meta does not know.
        case failed
        case timedOut = "timed_out"
        case givenUp = "given_up"
    }

    public var parcel: Parcel
    public var phase = Phase.ready
    public var posts = 0
    /// Items that travelled in it first, by what was counted when it was posted.
    public var travelled = 0
    /// Of the last post, as long as its answer is not known.
    public var travelling = 0
    public var handle: String?
    public var postedAt: Timestamp?
    public var answeredAt: Timestamp?
    public var endedAt: Timestamp?
    public var status: String?
    /// The last answer without a handle named at least one item.
    public var namedItems = false
    /// Errors beside the last handle that could be laid at no item's door.
    public var unattributed = 0
    public var errors = 0
    public var warnings = 0
    /// Others carry its open items on.
    public var isDivided = false

    init(parcel: Parcel) { self.parcel = parcel }

    /// To be posted again; so many items are as if they had not travelled.
    mutating func comeBack(with items: Int) {
        phase = .ready
        travelled -= items
        travelling = 0
    }

    mutating func end(_ ending: Ending, _ status: String, _ at: Timestamp) {
        phase = .ended(ending)
        self.status = status
        endedAt = at
    }
}
