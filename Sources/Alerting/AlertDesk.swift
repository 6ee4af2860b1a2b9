public import Events

/// The dispatcher: facts go in, messages go out, and what lies between is on the disk. Works alike from a job that lives three seconds and from
/// a daemon: whatever one process leaves undone the next one does.
public struct AlertDesk: Sendable {
    private let folder: AlertFolder
    private let keeper: any AlertKeeping
    private let policy: AlertPolicy
    private let channels: [String: any AlertChannel]
    private let fallbacks: [String: AlertFallback]
    private let digest: DigestPlan?
    private let write: @Sendable (DigestOrder) async throws(DeliveryFailure) -> AlertLetter
    private let reporter: Reporter
    private let now: @Sendable () -> Timestamp
    private let random: @Sendable () -> UInt64

    /// A pass of `deliver` begins no attempt after that.
    public static let passTime = Duration.seconds(15)
    /// One attempt; every channel bounds its call by it.
    public static let attemptTime = Duration.seconds(10)

    /// - Parameters:
    ///   - keeper: what each change that `deliver` makes in the folder is done within.
    ///   - channels: by the names that the rules use. A name that is missing here is told nothing.
    ///   - fallbacks: by the channel they stand in for.
    ///   - digest: nil: none is written.
    ///   - write: the letter of a day. Must end within `attemptTime`.
    ///   - random: for jitter, and for the name under which this process claims a channel.
    public init(
        folder: AlertFolder, keeper: any AlertKeeping = KeptAtOnce(), policy: AlertPolicy, channels: [String: any AlertChannel], fallbacks: [String: AlertFallback] = [:],
        digest: DigestPlan? = nil, write: @escaping @Sendable (DigestOrder) async throws(DeliveryFailure) -> AlertLetter = AlertDesk.noLetter,
        reporter: Reporter, now: @escaping @Sendable () -> Timestamp, random: @escaping @Sendable () -> UInt64
    ) {
        self.folder = folder
        self.keeper = keeper
        self.policy = policy
        self.channels = channels
        self.fallbacks = fallbacks
        self.digest = digest
        self.write = write
        self.reporter = reporter
        self.now = now
        self.random = random
    }

    /// A run has ended, or late verdicts have amended it. What is to be told is on the disk when this returns; `deliver` sends it.
    @discardableResult
    public func observe(_ run: RunFacts, facts: PipelineFacts?) throws(AlertStoreError) -> [AlertNotice] {
        let time = now()
        return try settle(pipeline: run.pipeline, runID: run.runID) { $0.observe(run, facts: facts, policy: policy, at: time) }
    }

    /// Time has gone on: to be called now and then by a daemon, and by a job once.
    @discardableResult
    public func look(_ facts: [PipelineFacts]) throws(AlertStoreError) -> [AlertNotice] {
        let time = now()
        return try settle(pipeline: nil, runID: nil) { $0.look(facts, policy: policy, at: time) }
    }

    public static let noLetter: @Sendable (DigestOrder) async throws(DeliveryFailure) -> AlertLetter = { _ throws(DeliveryFailure) in
        throw DeliveryFailure(culprit: "digest: nobody writes one", remedy: "give it up", isFinal: true)
    }

    /// Puts the digest of the day on its way, where its time has come and no process has done it.
    /// - Returns: whether it did.
    @discardableResult
    public func queueDigest() throws(AlertStoreError) -> Bool {
        guard let digest, digest.order(after: try folder.read().lastDigest, at: now()) != nil else { return false }
        let time = now()
        let queued = try change { state -> Bool in
            guard let order = digest.order(after: state.lastDigest, at: time) else { return false }
            state.lastDigest = time
            _ = state.outbox.add([AlertNotice(order, channels: digest.channels)], channels: Set(channels.keys), at: time)
            return true
        }
        if queued { reporter.report(AlertEvent.digestQueued(channels: digest.channels.count)) }
        return queued
    }

    private func settle(
        pipeline: String?, runID: String?, _ observe: (inout IncidentBook) -> BookPage
    ) throws(AlertStoreError) -> [AlertNotice] {
        let time = now()
        let (page, lost) = try change { state in
            let page = observe(&state.book)
            return (page, state.outbox.add(page.notices, channels: Set(channels.keys), at: time))
        }
        report(page, reporter.scoped(pipeline: pipeline, runID: runID))
        for entry in lost { reporter.report(AlertEvent.givenUp(channel: entry.channel, incident: entry.notice.incident.rule, attempts: entry.attempts)) }
        return page.notices
    }

    private func report(_ page: BookPage, _ reporter: Reporter) {
        for incident in page.opened {
            reporter.scoped(pipeline: incident.pipeline).report(
                AlertEvent.opened(rule: incident.rule, severity: incident.severity, reason: incident.reason))
        }
        for incident in page.closed {
            reporter.scoped(pipeline: incident.pipeline).report(AlertEvent.resolved(rule: incident.rule, runs: incident.runsSeen))
        }
        for (rule, cause) in page.muted { reporter.report(AlertEvent.muted(rule: rule, cause: cause)) }
        if page.heldBack > 0 { reporter.report(AlertEvent.heldBack(count: page.heldBack, cap: policy.hourlyCap)) }
    }

    func change<Value>(_ change: (inout AlertState) -> Value) throws(AlertStoreError) -> Value {
        try folder.change(setAside: { reporter.report(AlertEvent.stateSetAside(path: $0)) }, change)
    }

    /// The same for what is done between two messages: kept, for every process, when this returns. `change` may be done again, so it says and sends
    /// nothing.
    private func keep<Value: Sendable>(_ change: @escaping @Sendable (inout AlertState) -> Value) async throws(AlertStoreError) -> Value {
        try await keeper.keeping { () throws(AlertStoreError) in try self.change(change) }
    }
}

// MARK: - Delivery

extension AlertDesk {
    /// What one pass has done.
    public struct Delivery: Sendable, Equatable {
        public var sent = 0
        public var failed = 0
        /// Still on the disk.
        public var waiting = 0
        /// When the next attempt is due; nil where nothing waits.
        public var next: Timestamp?
    }

    /// Sends what is due, all channels at once, each in its order. A message is claimed, sent, and then done with: two small changes, and nothing is
    /// sent within either of them. Takes at most `passTime` and one attempt. Nothing is lost when it is ended
    /// early: what was not confirmed is sent again when its claim is over.
    public func deliver() async throws(AlertStoreError) -> Delivery {
        let due = try await keeper.keeping { [folder, now] () throws(AlertStoreError) in try folder.read().outbox.due(at: now()) }
        let deadline = now() + Self.passTime
        let results = await withTaskGroup(of: Result<Delivery, AlertStoreError>.self) { group in
            for channel in due { group.addTask { await pass(channel, until: deadline) } }
            var results: [Result<Delivery, AlertStoreError>] = []
            for await result in group { results.append(result) }
            return results
        }
        var total = Delivery()
        for result in results {
            let one = try result.get()
            total.sent += one.sent
            total.failed += one.failed
        }
        let outbox = try folder.read().outbox
        total.waiting = outbox.entries.count
        total.next = outbox.next()
        return total
    }

    private func pass(_ channel: String, until deadline: Timestamp) async -> Result<Delivery, AlertStoreError> {
        var done = Delivery()
        let owner = "\(random())"
        do throws(AlertStoreError) {
            while now() < deadline, !Task.isCancelled {
                let time = now()
                guard let entry = try await keep({ $0.outbox.claim(channel, owner: owner, at: time) }) else { break }
                guard try await attempt(entry, owner: owner) else {
                    done.failed += 1
                    // A channel that cannot be reached gives nothing more to claim; one that refused this message may take the next.
                    if done.failed == Outbox.mostRefusals { break }
                    continue
                }
                done.sent += 1
            }
            return .success(done)
        } catch {
            return .failure(error)
        }
    }

    /// False where it did not arrive.
    private func attempt(_ entry: OutboxEntry, owner: String) async throws(AlertStoreError) -> Bool {
        let started = now()
        let pipeline = entry.notice.incident.pipeline
        let scoped = reporter.scoped(pipeline: pipeline.isEmpty ? nil : pipeline)
        do throws(DeliveryFailure) {
            guard let channel = channels[entry.channel] else {
                throw DeliveryFailure(
                    culprit: "\(entry.channel): there is no such channel any more", remedy: "put it back, or let the message be given up", isFinal: true)
            }
            try await hand(entry, to: channel)
        } catch {
            if Task.isCancelled { try await keep { $0.outbox.giveBack(owner) } } else { try await note(error, of: entry, owner: owner, scoped) }
            return false
        }
        try await keep { $0.outbox.sent(entry.id, owner: owner) }
        scoped.report(
            AlertEvent.sent(channel: entry.channel, rule: entry.notice.incident.rule, kind: entry.notice.kind, took: now() - started))
        return true
    }

    private func hand(_ entry: OutboxEntry, to channel: any AlertChannel) async throws(DeliveryFailure) {
        guard let order = entry.notice.digest else { return try await channel.send(entry.notice, insteadOf: entry.insteadOf) }
        var letter = try await write(order)
        letter.id = entry.notice.id
        try await channel.send(letter)
    }

    private func note(_ failure: DeliveryFailure, of entry: OutboxEntry, owner: String, _ reporter: Reporter) async throws(AlertStoreError) {
        let time = now()
        let jitter = 0.5 + Double(random() >> 11) / Double(1 << 53) / 2
        let outcome = try await keep { [fallbacks] in
            $0.outbox.failed(entry.id, isFinal: failure.isFinal, owner: owner, jitter: jitter, fallbacks: fallbacks, at: time)
        }
        switch outcome {
        case .retried(let kept, let second):
            reporter.report(
                AlertEvent.sendFailed(
                    channel: kept.channel, attempt: kept.attempts, culprit: failure.culprit, remedy: failure.remedy, next: kept.notBefore))
            if let second, entry.fellBackTo == nil {
                reporter.report(AlertEvent.fellBack(channel: kept.channel, to: second, since: kept.failingSince ?? time))
            }
        case .givenUp(let lost):
            reporter.report(
                AlertEvent.givenUp(channel: lost.channel, incident: lost.notice.incident.rule, attempts: lost.attempts))
        case .gone: break
        }
    }
}

// MARK: - Questions and orders

extension AlertDesk {
    public func state() throws(AlertStoreError) -> AlertState { try folder.read() }

    /// Changes nothing.
    public func explain(_ run: RunFacts, facts: PipelineFacts?) throws(AlertStoreError) -> [RuleExplanation] {
        try folder.read().book.explain(run, facts: facts, policy: policy, at: now())
    }

    /// - Throws: `AlertStoreError` or `SilenceError`.
    public func add(_ silence: Silence) throws {
        let time = now()
        try change { state -> Result<Void, SilenceError> in
            do throws(SilenceError) {
                try state.book.add(silence, at: time)
                return .success(())
            } catch { return .failure(error) }
        }.get()
        reporter.report(AlertEvent.silenced(silence))
    }

    /// False where there is no silence of that id.
    public func end(silence id: String) throws(AlertStoreError) -> Bool {
        let isEnded = try change { $0.book.end(silence: id) }
        if isEnded { reporter.report(AlertEvent.silenceEnded(id: id)) }
        return isEnded
    }

    /// The rules that people have been told of because of a run: what its report says. Empty before anything was told.
    public func rulesTold(of run: RunFacts, with notices: [AlertNotice]) throws(AlertStoreError) -> [String] {
        let closed = notices.filter { $0.kind == .resolved && $0.incident.pipeline == run.pipeline }.map { "\($0.incident.rule) resolved" }
        return try folder.read().book.rulesTold(ofRun: run.runID) + closed.sorted()
    }

    /// Sends one message that says it is a test, past the outbox.
    /// - Throws: where the channel is unknown or did not take it.
    public func test(_ channel: String) async throws(DeliveryFailure) {
        guard let sender = channels[channel] else {
            throw DeliveryFailure(
                culprit: "\(channel): there is no such channel", remedy: "name one of \(channels.keys.sorted().joined(separator: ", "))", isFinal: true)
        }
        try await sender.send(.test(at: now()), insteadOf: nil)
    }
}
