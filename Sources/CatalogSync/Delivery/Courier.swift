import Engine
import Events
import MetaCatalog

/// Takes parcels to Meta and their verdicts back. Decides nothing: `SyncRecord.steps` says what is due, `Reaction` what a failure means.
/// Every fact is in the journal before the next step builds on it.
struct Courier: Sendable {
    let log: RunLog<SyncRecord>
    let client: CatalogClient
    let shelf: BatchShelf
    let settings: CatalogSyncConfiguration.Delivery
    let world: World
    let reporter: Reporter
    let gate: QuotaGate

    /// Posts refused as a whole without one that was taken in between. Halving down to one guilty item of 5,000 takes 13; a server that
    /// refuses whatever comes must not be asked for each item.
    private static let mostRefusedInARow = 64

    /// Posts everything that is due; several at once up to `maxInFlight`.
    func postAll() async throws {
        try await divideAll()
        while true {
            let due = await log.record.steps.compactMap { step -> Parcel? in if case .post(let parcel) = step { parcel } else { nil } }
            if due.isEmpty { return }
            // By name, so that the halves of a refused batch come before the next batch: a guilty item is found before many are asked for.
            try await postTogether(due.sorted { $0.name < $1.name }.prefix(settings.maxInFlight))
            try await divideAll()
        }
    }

    /// One that must stop does not take the others with it: their answers are on the way.
    private func postTogether(_ parcels: ArraySlice<Parcel>) async throws {
        let failures = await withTaskGroup(of: (any Error)?.self) { group in
            for parcel in parcels {
                group.addTask {
                    do {
                        try await post(parcel)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: [any Error]()) { if let failure = $1 { $0.append(failure) } }
        }
        if let first = failures.first { throw first }
    }

    /// Polls until every handle has ended or run into its deadline, posting what has to go again.
    func judgeAll() async throws {
        var nextPolls: [String: Timestamp] = [:]
        while true {
            try await postAll()
            let due = await log.record.steps.compactMap { step -> (Parcel, String)? in
                if case .poll(let parcel, let handle) = step { (parcel, handle) } else { nil }
            }
            if due.isEmpty { return }
            for (parcel, handle) in due where nextPolls[parcel.name, default: world.now()] <= world.now() {
                try await poll(parcel, handle: handle, deadline: settings.pollDeadline)
                nextPolls[parcel.name] = world.now() + settings.pollInterval
            }
            try await divideAll()
            let open = await Set(log.record.steps.compactMap { step -> String? in if case .poll(let parcel, _) = step { parcel.name } else { nil } })
            guard let earliest = nextPolls.filter({ open.contains($0.key) }).values.min() else { continue }
            let now = world.now()
            if earliest > now { try await pause(earliest - now) }
        }
    }

    /// Writes down what follows from the record alone: halves, repeats, and what is given up.
    func divideAll() async throws {
        while true {
            var changed = false
            for step in await log.record.steps {
                switch step {
                case .divide(let parcel, let children, let reason):
                    try await log.append(.divided(parcel.name, children, reason: reason))
                    let names = children.map(\.name).joined(separator: ", ")
                    reporter.report(SyncEvent.batchDivided(batch: parcel.name, into: names, reason: reason))
                    changed = true
                case .giveUp(let parcel, let reason):
                    let items = await log.record.open(parcel).count
                    try await log.append(.givenUp(parcel.name, reason: reason, at: world.now()))
                    reporter.report(SyncEvent.itemsGivenUp(batch: parcel.name, items: items, reason: reason))
                    changed = true
                case .post, .poll: continue
                }
            }
            if !changed { return }
        }
    }

    private func post(_ parcel: Parcel) async throws {
        let batch = try await shelf.batch(parcel.batch)
        let open = await log.record.open(parcel)
        let requests = batch.requests(of: open)
        reporter.report(SyncEvent.batchPosting(batch: parcel.name, items: open.count))
        var tries = 0
        while true {
            try await passGate()
            tries += 1
            let start = world.now()
            let fresh = await log.record.batches[parcel.batch - 1].fresh(among: open)
            let items = BatchShelf.requestCount(in: requests)
            try await log.append(.posting(parcel.name, items: items, repeats: open.count - fresh.count, at: start))
            switch await client.send(requests: requests) {
            case .answered(let answer, let info):
                reporter.report(called(.itemsBatch, .ok, since: start, parcel, tries, info.httpStatus))
                gate.passed(info.usage, now: world.now(), floor: settings.throttleFloor, reporter: reporter)
                let facts = AnswerReading(items: batch.items, open: open).read(answer).returning(fresh)
                try await log.append(.posted(parcel.name, facts, at: world.now()))
                report(parcel, facts, batch.items, count: open.count, attempt: tries, since: start)
                if gate.answered(withHandle: facts.handle != nil) > Self.mostRefusedInARow { throw RunStop.everythingRefused(facts, at: parcel) }
                return
            case .failed(let failure):
                reporter.report(called(.itemsBatch, .init(failure.kind), since: start, parcel, tries, failure.httpStatus))
                if try await settle(failure, parcel, batch.items, open, fresh, tries) { return }
            }
        }
    }

    /// True when the parcel needs no further try: its fate is in the journal.
    private func settle(
        _ failure: CallFailure, _ parcel: Parcel, _ items: [BatchItem], _ open: [Int], _ fresh: Set<Int>, _ tries: Int
    ) async throws -> Bool {
        let reaction = Reaction.to(
            failure, tries: tries, waited: gate.waited, jitter: world.jitter(0...1), limits: Reaction.Limits(settings))
        if reaction == .cut {
            let facts = AnswerReading(items: items, open: open).read(refusal: failure.userMessage ?? failure.message).returning(fresh)
            try await log.append(.posted(parcel.name, facts, at: world.now()))
            if gate.answered(withHandle: false) > Self.mostRefusedInARow { throw RunStop.everythingRefused(failure) }
            reporter.report(SyncEvent.batchRefused(batch: parcel.name, items: open.count, message: failure.message))
            reportRefused(facts.refused, items, parcel, handle: nil)
            return true
        }
        if failure.requestMayHaveArrived {
            try await log.append(.answerLost(parcel.name, at: world.now()))
        } else {
            try await log.append(.declined(parcel.name, reason: failure.kind.rawValue, at: world.now()))
        }
        try await wait(for: reaction, failure, parcel, tries)
        return false
    }

    private func wait(for reaction: Reaction, _ failure: CallFailure, _ parcel: Parcel, _ tries: Int) async throws {
        switch reaction {
        case .again(let pause):
            reporter.report(SyncEvent.callFailed(batch: parcel.name, failure, attempt: tries, wait: pause))
            try await self.pause(pause)
        case .wait(let pause):
            reporter.report(SyncEvent.throttled(batch: parcel.name, failure, wait: pause))
            gate.close(until: world.now() + pause, waiting: pause)
            try await self.pause(pause)
        case .cut: return
        case .stop(let stop): throw stop
        }
    }

    /// One try of a call for a parcel, which has ended now. A clock that is set back meanwhile is no negative time.
    private func called(_ api: SyncEvent.API, _ outcome: SyncEvent.CallOutcome, since start: Timestamp, _ parcel: Parcel, _ tries: Int, _ status: Int?) -> SyncEvent {
        let address =
            switch api {
            case .itemsBatch: client.batchAddress
            case .status: client.statusAddress
            }
        return .called(api, outcome, seconds: max(0, (world.now() - start).seconds), batch: parcel.name, attempt: tries, status: status, address)
    }

    /// One look at a handle, with tries of its own for a call that fails. `deadline` counts from the moment Meta gave the handle.
    func poll(_ parcel: Parcel, handle: String, deadline: Duration) async throws {
        reporter.report(SyncEvent.handleAsked(batch: parcel.name, handle: handle))
        var tries = 0
        while true {
            try await passGate()
            tries += 1
            let start = world.now()
            let outcome = await client.status(of: handle)
            reporter.report(called(.status, outcome.callOutcome, since: start, parcel, tries, outcome.httpStatus))
            switch outcome {
            case .answered(let status, let info):
                gate.passed(info.usage, now: world.now(), floor: settings.throttleFloor, reporter: reporter)
                return try await read(status, parcel, handle, deadline)
            // A handle that Meta has forgotten is a wrong parameter, or an answer without content, whenever it is asked: it must not keep
            // every later run from its work.
            case .failed(let failure) where failure.kind == .badRequest || failure.kind == .malformedAnswer && tries >= settings.attempts:
                try await log.append(.handleFailed(parcel.name, status: "unknown to Meta", at: world.now()))
                return reporter.report(SyncEvent.handleFailed(batch: parcel.name, handle: handle, status: failure.message))
            case .failed(let failure):
                let reaction = Reaction.to(
                    failure, tries: tries, waited: gate.waited, jitter: world.jitter(0...1), limits: Reaction.Limits(settings))
                try await wait(for: reaction, failure, parcel, tries)
            }
        }
    }

    private func read(_ status: HandleStatus, _ parcel: Parcel, _ handle: String, _ deadline: Duration) async throws {
        let posted = await log.record.parcels.first { $0.parcel == parcel }?.answeredAt ?? world.now()
        let age = world.now() - posted
        switch status.state {
        case .finished:
            let items = try await shelf.items(parcel.batch)
            let before = await log.record.open(parcel)
            let facts = AnswerReading(items: items, open: before).read(status)
            try await log.append(.judged(parcel.name, facts, at: world.now()))
            reportRefused(facts.refused, items, parcel, handle: handle)
            reporter.report(
                SyncEvent.handleFinished(
                    batch: parcel.name, handle: handle, errors: facts.errors, warnings: facts.warnings, seconds: age.seconds,
                    await counts(facts, parcel, before)))
        case .error, .canceled:
            try await log.append(.handleFailed(parcel.name, status: status.state.word, at: world.now()))
            reporter.report(SyncEvent.handleFailed(batch: parcel.name, handle: handle, status: status.state.word))
        case .scheduled, .dispatched, .started, .other:
            if age < deadline { return reporter.report(SyncEvent.handlePolled(batch: parcel.name, handle: handle, status: status.state.word)) }
            try await log.append(.timedOut(parcel.name, at: world.now()))
            reporter.report(SyncEvent.handleTimedOut(batch: parcel.name, handle: handle, seconds: age.seconds))
        }
    }

    private func counts(_ facts: JudgeFacts, _ parcel: Parcel, _ before: [Int]) async -> SyncEvent.ItemCounts {
        let batch = await log.record.batches[parcel.batch - 1]
        var counts = SyncEvent.ItemCounts()
        for index in before {
            switch batch.states[index] {
            case .accepted:
                counts.accepted += 1
                if batch.warned.contains(index) { counts.warned += 1 }
            case .refused: counts.refused += 1
            case .pending, .posting, .open: continue
            }
        }
        return counts
    }

    private func report(_ parcel: Parcel, _ facts: PostFacts, _ items: [BatchItem], count: Int, attempt: Int, since start: Timestamp) {
        if let handle = facts.handle {
            reporter.report(
                SyncEvent.batchSent(
                    batch: parcel.name, handle: handle, items: count, refused: facts.refused.count, attempt: attempt,
                    seconds: (world.now() - start).seconds))
        } else {
            let message = facts.refused.first?.message ?? AnswerReading.noReason
            reporter.report(SyncEvent.batchRefused(batch: parcel.name, items: count, message: message))
        }
        reportRefused(facts.refused, items, parcel, handle: facts.handle)
    }

    /// One line for each item, whatever the number of messages about it.
    private func reportRefused(_ refused: [ItemMessage], _ items: [BatchItem], _ parcel: Parcel, handle: String?) {
        var told = Set<Int>()
        for refusal in refused where told.insert(refusal.index).inserted {
            let item = items[refusal.index]
            let message = refusal.message.isEmpty ? AnswerReading.noReason : refusal.message
            reporter.report(
                SyncEvent.itemRefused(
                    productID: item.id, file: item.file, row: item.row, batch: parcel.name, handle: handle, message: message))
        }
    }

    /// Waits while Meta wants no calls; longer than `patience` is a matter for the next run.
    private func passGate() async throws {
        let wait = gate.untilOpen(now: world.now())
        guard wait <= settings.patience else {
            throw RunStop(
                .tryAgainLater, reason: "throttled", culprit: "Meta's quota", detail: "Meta wants no calls for \(Int(wait.seconds)) seconds",
                remedy: "Nothing to do: a later run goes on from here. If it happens often, run less often or raise the quota.")
        }
        try await pause(wait)
    }

    private func pause(_ duration: Duration) async throws {
        guard duration > .zero else {
            if Task.isCancelled { throw RunStop.toldToStop }
            return
        }
        do { try await world.sleep(duration) } catch { throw RunStop.toldToStop }
    }
}

extension StatusOutcome {
    fileprivate var callOutcome: SyncEvent.CallOutcome {
        switch self {
        case .answered: .ok
        case .failed(let failure): .init(failure.kind)
        }
    }

    fileprivate var httpStatus: Int? {
        switch self {
        case .answered(_, let info): info.httpStatus
        case .failed(let failure): failure.httpStatus
        }
    }
}

extension Reaction.Limits {
    init(_ settings: CatalogSyncConfiguration.Delivery) {
        self.init(
            attempts: settings.attempts, backoff: settings.backoff, longestBackoff: settings.longestBackoff,
            throttleFloor: settings.throttleFloor, patience: settings.patience)
    }
}
