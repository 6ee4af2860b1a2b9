import CLibCurl

/// What happens on the transport's thread: takes orders, starts transfers as room allows, lets libcurl work, answers who waits.
final class CurlLoop {
    /// libcurl's own timers cut the wait short, and so does `Mailbox`; this only bounds the sleep of an idle thread.
    private static let longestPollMilliseconds: Int32 = 60_000

    private let multi: MultiHandle
    private let mailbox: Mailbox
    private let maxConcurrent: Int
    /// First come, first served; bounded by the mailbox.
    private var waiting: [Submission] = []
    private var active: [UnsafeMutableRawPointer: Transfer] = [:]

    init(multi: MultiHandle, mailbox: Mailbox, maxConcurrent: Int) {
        self.multi = multi
        self.mailbox = mailbox
        self.maxConcurrent = maxConcurrent
    }

    /// Runs until the mailbox says stop.
    func run() {
        while true {
            let orders = mailbox.take()
            waiting += orders.submissions
            if orders.stopping { return cancelAll() }
            for id in orders.cancelled { cancel(id) }
            startWaiting()
            var running: Int32 = 0
            curl_multi_perform(multi.raw, &running)
            // Ended transfers make room; what waits must not sleep through it.
            guard !finishEnded() || waiting.isEmpty else { continue }
            curl_multi_poll(multi.raw, nil, 0, Self.longestPollMilliseconds, nil)
        }
    }

    private func startWaiting() {
        let room = maxConcurrent - active.count
        guard room > 0, !waiting.isEmpty else { return }
        let next = waiting.prefix(room)
        waiting.removeFirst(next.count)
        for submission in next { start(submission) }
    }

    private func start(_ submission: Submission) {
        do throws(TransportError) {
            let transfer = try Transfer(submission)
            let code = curl_multi_add_handle(multi.raw, transfer.easy.raw)
            guard code == CURLM_OK else {
                throw submission.plan.failure(
                    .other(curlCode: Int(CURLE_FAILED_INIT.rawValue)), "libcurl took no transfer (multi code \(code.rawValue))",
                    remedy: "give the process more memory")
            }
            active[transfer.easy.raw] = transfer
        } catch {
            submission.continuation.resume(returning: TransferOutcome(result: .failure(error)))
        }
    }

    /// Returns whether any transfer had ended.
    private func finishEnded() -> Bool {
        var easy: UnsafeMutableRawPointer?
        var code = CURLE_OK
        var any = false
        while vitrine_curl_next_ended(multi.raw, &easy, &code) == 1 {
            guard let easy, let transfer = active[easy] else { continue }
            any = true
            finish(transfer, with: transfer.outcome(of: code))
        }
        return any
    }

    private func cancel(_ id: UInt64) {
        if let transfer = active.values.first(where: { $0.submission.id == id }) {
            finish(transfer, with: transfer.cancelledOutcome())
        } else if let place = waiting.firstIndex(where: { $0.id == id }) {
            let submission = waiting.remove(at: place)
            submission.continuation.resume(returning: TransferOutcome(result: .failure(submission.plan.cancelled())))
        }
    }

    private func cancelAll() {
        for transfer in Array(active.values) { finish(transfer, with: transfer.cancelledOutcome()) }
        for submission in waiting {
            submission.continuation.resume(returning: TransferOutcome(result: .failure(submission.plan.cancelled())))
        }
        waiting = []
    }

    private func finish(_ transfer: Transfer, with outcome: TransferOutcome) {
        curl_multi_remove_handle(multi.raw, transfer.easy.raw)
        active[transfer.easy.raw] = nil
        transfer.submission.continuation.resume(returning: outcome)
    }
}
