/// HTTP and SMTP over libcurl: one multi handle on one thread of its own, behind async calls.
///
/// TLS is verified, redirects are not followed, HTTP/1.1 is spoken, and plain HTTP leaves the machine only where a request says so.
/// Where a reused connection turns out to be closed without a byte of answer, libcurl sends the request once more over a fresh one.
/// Cancelling the task of `send` ends its transfer at once.
public final class CurlTransport: HTTPTransport {
    private let mailbox: Mailbox
    let configuration: TransportConfiguration
    private let observer: (@Sendable (HTTPExchange) -> Void)?

    /// - Parameter observer: is told of every request, on the caller's task, before `send` returns or throws. Must not block.
    /// - Throws: `.other` where libcurl or the system cannot give a handle or a thread.
    public init(
        configuration: TransportConfiguration = TransportConfiguration(), observer: (@Sendable (HTTPExchange) -> Void)? = nil
    ) throws(TransportError) {
        self.configuration = configuration
        self.observer = observer
        let multi = try MultiHandle(connections: configuration.maxConcurrentTransfers)
        mailbox = Mailbox(multi: multi, pendingLimit: configuration.maxConcurrentTransfers + configuration.maxWaitingRequests)
        try LoopThread.start { [mailbox, configuration] in
            CurlLoop(multi: multi, mailbox: mailbox, maxConcurrent: max(1, configuration.maxConcurrentTransfers)).run()
        }
    }

    deinit { shutdown() }

    /// Ends every transfer with `.cancelled` and the thread. Later requests fail the same way. May be called more than once.
    public func shutdown() { mailbox.stop() }

    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let target: RequestTarget
        do throws(TransportError) {
            target = try RequestTarget(request)
        } catch {
            observe(request, origin: "", TransferOutcome(result: .failure(error)))
            throw error
        }
        let outcome = await transfer(TransferPlan(request: request, target: target, configuration: configuration))
        observe(request, origin: target.origin, outcome)
        return try outcome.result.get()
    }

    func transfer(_ plan: TransferPlan) async -> TransferOutcome {
        let id = mailbox.newID()
        defer { mailbox.forget(id) }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                mailbox.submit(Submission(id: id, plan: plan, continuation: continuation))
            }
        } onCancel: {
            mailbox.cancel(id)
        }
    }

    private func observe(_ request: HTTPRequest, origin: String, _ outcome: TransferOutcome) {
        guard let observer else { return }
        var status: Int?
        var failure: TransportError.Reason?
        switch outcome.result {
        case .success(let response): status = response.status
        case .failure(let error): failure = error.reason
        }
        observer(
            HTTPExchange(
                api: request.api, method: request.method, origin: origin, status: status, failure: failure, timings: outcome.timings))
    }
}
