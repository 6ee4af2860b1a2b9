import Synchronization

/// One request on its way to the thread.
struct Submission: Sendable {
    let id: UInt64
    let plan: TransferPlan
    let continuation: CheckedContinuation<TransferOutcome, Never>
    let submittedAt = ContinuousClock.now
}

/// All that a transfer needs to know.
struct TransferPlan: Sendable {
    let request: HTTPRequest
    let target: RequestTarget
    let configuration: TransportConfiguration
    /// In place of an HTTP request; `request` then holds the bytes only.
    var mail: MailEnvelope?

    func failure(_ reason: TransportError.Reason, _ seen: String, remedy: String, mayHaveArrived: Bool = false) -> TransportError {
        TransportError(
            reason: reason, culprit: mail == nil ? "\(request.api): \(request.method.rawValue) \(target.origin): \(seen)" : "\(target.origin): \(seen)", remedy: remedy,
            requestMayHaveArrived: mayHaveArrived)
    }

    func cancelled(mayHaveArrived: Bool = false) -> TransportError {
        failure(.cancelled, "cancelled", remedy: "none; the request was given up on purpose", mayHaveArrived: mayHaveArrived)
    }
}

struct TransferOutcome: Sendable {
    var result: Result<HTTPResponse, TransportError>
    var timings = HTTPTimings()
    /// The last status the peer answered with, also where the transfer failed; 0 for none.
    var status = 0
}

/// The way from any task to the transport's thread. Every submission is answered exactly once: here, or by the thread that took it.
final class Mailbox: Sendable {
    struct Orders {
        var submissions: [Submission] = []
        var cancelled: [UInt64] = []
        var stopping = false
    }

    private struct State {
        var orders = Orders()
        var nextID: UInt64 = 0
        /// Requests between `newID` and `forget`; bounded by `pendingLimit` for those that were submitted.
        var pending: Set<UInt64> = []
        /// Those whose task was cancelled. A task can be cancelled before its submission is here.
        var cancelled: Set<UInt64> = []
    }

    private let state = Mutex(State())
    private let multi: MultiHandle
    private let pendingLimit: Int

    init(multi: MultiHandle, pendingLimit: Int) {
        self.multi = multi
        self.pendingLimit = pendingLimit
    }

    func newID() -> UInt64 {
        state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
    }

    func submit(_ submission: Submission) {
        let refusal = state.withLock { state -> TransportError? in
            if state.orders.stopping || state.cancelled.contains(submission.id) { return submission.plan.cancelled() }
            guard state.pending.count < pendingLimit else {
                return submission.plan.failure(
                    .queueFull, "\(pendingLimit) requests are already under way or waiting", remedy: "wait; if it stays, a peer does not answer")
            }
            state.pending.insert(submission.id)
            state.orders.submissions.append(submission)
            return nil
        }
        if let refusal {
            submission.continuation.resume(returning: TransferOutcome(result: .failure(refusal)))
        } else {
            multi.wake()
        }
    }

    func cancel(_ id: UInt64) {
        state.withLock { state in
            state.cancelled.insert(id)
            if state.pending.contains(id) { state.orders.cancelled.append(id) }
        }
        multi.wake()
    }

    func forget(_ id: UInt64) {
        state.withLock { state in
            state.pending.remove(id)
            state.cancelled.remove(id)
        }
    }

    func stop() {
        state.withLock { $0.orders.stopping = true }
        multi.wake()
    }

    /// For the thread: all that came since the last call.
    func take() -> Orders {
        state.withLock { state in
            let orders = state.orders
            state.orders = Orders(stopping: orders.stopping)
            return orders
        }
    }
}
