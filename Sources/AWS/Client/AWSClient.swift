import Cryptography
public import Events
import Synchronization
public import Transport

/// Sends the calls of one service: signs each try anew, retries by AWS's standard mode, corrects the clock, gets new credentials when the old
/// ones end. Safe to use from many tasks.
public final class AWSClient: Sendable {
    let service: AWSService
    let configuration: AWSConfiguration
    let world: AWSWorld
    private let transport: any HTTPTransport
    private let credentials: CredentialProvider?
    private let reporter: Reporter
    private let clock: SkewClock
    private let quota = Mutex(RetryQuota())

    /// - Parameter credentials: nil for calls that are not signed.
    public init(
        service: AWSService, configuration: AWSConfiguration, transport: any HTTPTransport, world: AWSWorld, credentials: CredentialProvider?,
        reporter: Reporter = .silent
    ) {
        self.service = service
        self.configuration = configuration
        self.transport = transport
        self.world = world
        self.credentials = credentials
        self.reporter = reporter
        clock = SkewClock(world.now)
    }

    /// Changes of one call that happen at most once.
    private struct Mended {
        var clock = false
        var credentials = false
    }

    func send(_ call: AWSCall) async throws(AWSError) -> HTTPResponse {
        let endpoint = try AWSEndpoint(service, configuration)
        var mended = Mended()
        var attempt = 1
        var cost: Int?
        var doubt = false
        while true {
            let keys = try await keys(for: call)
            let failed: Failed
            switch await tryOnce(call, endpoint, keys) {
            case .success(let response):
                quota.withLock { $0.succeeded(after: cost) }
                return response
            case .failure(let failure): failed = failure
            }
            doubt = doubt || failed.error.mayHaveArrived
            if try await mend(&mended, failed, keys) { continue }
            guard case .wait(let pause, let taken) = decide(call, failed, attempt) else {
                var error = failed.error
                error.mayHaveArrived = doubt
                throw error
            }
            cost = taken
            reporter.report(AWSEvent.callRetried(service: service, operation: call.operation, attempt: attempt, wait: pause, why: failed.why))
            do { try await world.sleep(pause) } catch { throw cancelled(call) }
            attempt += 1
        }
    }

    private struct Failed: Error {
        var error: AWSError
        var kind: FailureKind
        var date: Timestamp?
        var asked: Duration?
        var why: String
    }

    private func keys(for call: AWSCall) async throws(AWSError) -> AWSCredentials? {
        guard call.isSigned else { return nil }
        guard let credentials else {
            preconditionFailure("\(call.operation) is signed, and its client was made without credentials")
        }
        return try await credentials.credentials()
    }

    /// True where the same call is to be sent again at once.
    private func mend(_ mended: inout Mended, _ failed: Failed, _ keys: AWSCredentials?) async throws(AWSError) -> Bool {
        switch failed.kind {
        case .clockSkew:
            guard !mended.clock, let date = failed.date, let off = clock.correct(by: date) else { return false }
            mended.clock = true
            reporter.report(AWSEvent.clockCorrected(seconds: off / .seconds(1)))
            return true
        case .expired:
            guard !mended.credentials, let keys, let credentials else { return false }
            mended.credentials = true
            await credentials.invalidate(keys)
            return try await credentials.credentials() != keys
        case .throttled, .transient, .timeout, .final: return false
        }
    }

    private func decide(_ call: AWSCall, _ failed: Failed, _ attempt: Int) -> RetryPolicy.Decision {
        if failed.error.mayHaveArrived, !call.mayRepeat { return .giveUp }
        let chance = world.chance
        return quota.withLock { quota in
            RetryPolicy(attempts: configuration.attempts)
                .decide(failed.kind, attempt: attempt, asked: failed.asked, chance: chance, quota: &quota)
        }
    }

    private func tryOnce(_ call: AWSCall, _ endpoint: AWSEndpoint, _ keys: AWSCredentials?) async -> Result<HTTPResponse, Failed> {
        let request = AWSRequest(call, endpoint, service).httpRequest(keys, at: clock.now)
        do throws(TransportError) {
            let response = try await transport.send(request)
            guard let refusal = AWSRefusal.read(response, call) else {
                told(call, .ok, response.timings, response.status)
                return .success(response)
            }
            let kind = FailureKind(code: refusal.code, status: refusal.status)
            told(call, kind == .throttled ? .throttled : kind.isRetryable ? .transient : .refused, response.timings, response.status)
            let milliseconds = response.headers["x-amz-retry-after"].flatMap { Int($0) }
            return .failure(
                Failed(
                    error: refusal.error(kind, service, call), kind: kind, date: response.headers["date"].flatMap(HTTPDate.parse),
                    asked: milliseconds.map { .milliseconds($0) } ?? response.retryAfter, why: "\(refusal.code ?? "HTTP") (\(refusal.status))"))
        } catch {
            told(call, .transient, nil, nil)
            return .failure(failed(error, call))
        }
    }

    private func failed(_ error: TransportError, _ call: AWSCall) -> Failed {
        let isCancelled = error.reason == .cancelled
        let subject = call.subject.isEmpty ? "" : " \(call.subject)"
        // A part of a large body that came is kept by who asked: only they know where to go on.
        let goesOn = call.answerFile != nil && (error.reason == .partialAnswer || error.reason == .timeout)
        let kind: FailureKind = isCancelled || goesOn || !error.reason.isTransient ? .final : error.reason == .timeout ? .timeout : .transient
        return Failed(
            error: AWSError(
                isCancelled ? .cancelled : .transport(error.reason), culprit: "\(service.rawValue) \(call.operation)\(subject): \(error.culprit)",
                remedy: error.remedy.prefix(1).uppercased() + error.remedy.dropFirst() + ".", mayHaveArrived: error.requestMayHaveArrived),
            kind: kind, why: error.reason.label)
    }

    private func cancelled(_ call: AWSCall) -> AWSError {
        AWSError(.cancelled, culprit: "\(service.rawValue) \(call.operation): cancelled", remedy: "None; it was told to stop.")
    }

    private func told(_ call: AWSCall, _ outcome: AWSEvent.Outcome, _ timings: HTTPTimings?, _ status: Int?) {
        let seconds = (timings?.total ?? .zero) / .seconds(1)
        reporter.report(AWSEvent.callEnded(service: service, operation: call.operation, outcome: outcome, seconds: seconds, status: status))
    }
}
