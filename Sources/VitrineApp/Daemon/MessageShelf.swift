import AWS
import Events

/// The messages of one queue that this process holds: those that wait for a run, and those that the run in progress answers. A message is done with
/// when a run that began after it was received has closed its journal; until then it stays in the queue, only hidden from others.
struct MessageShelf {
    struct Held {
        let id: String
        var receipt: String
        let since: Timestamp
        var isAtWork = false
    }

    /// No more are asked for while so many are held.
    static let most = 1_000
    /// SQS gives a message to somebody else at the latest after twelve hours; some time before it is left to that.
    static let longestHold = SQS.longestVisibility - .seconds(1_800)

    private(set) var held: [Held] = []

    var isFull: Bool { held.count >= Self.most }

    /// - Returns: how many are new: a message that came again, since its time was over, only has another receipt.
    mutating func take(_ messages: [SQS.Message], at now: Timestamp) -> Int {
        let before = held.count
        for message in messages {
            if let place = held.firstIndex(where: { $0.id == message.id }) {
                held[place].receipt = message.receipt
            } else {
                held.append(Held(id: message.id, receipt: message.receipt, since: now))
            }
        }
        return held.count - before
    }

    mutating func runBegins() { for place in held.indices { held[place].isAtWork = true } }

    /// - Parameter isClosed: the run has come to its end; one that is to be gone on with leaves its messages waiting.
    /// - Returns: the receipts of the messages that are done with.
    mutating func runEnded(isClosed: Bool) -> [String] {
        let done = isClosed ? held.filter(\.isAtWork).map(\.receipt) : []
        if isClosed { held.removeAll(where: \.isAtWork) }
        for place in held.indices { held[place].isAtWork = false }
        return done
    }

    /// Lets go of those that cannot be held any longer: they come again.
    mutating func letGo(at now: Timestamp) { held.removeAll { now - $0.since >= Self.longestHold } }

    mutating func lost(_ receipts: Set<String>) { held.removeAll { receipts.contains($0.receipt) } }
}
