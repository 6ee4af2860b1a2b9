import AWS
import Engine
import Events
import ObjectStore
import Settings
import Synchronization

/// Follows the queues that tell of new files, one for each pipeline that names one. It says when there is news, and takes messages out of the queue
/// when a run has answered them.
final class QueueReader: Sendable {
    /// So long a message is hidden from others unless it is renewed: a process that dies gives its messages back after that.
    static let visibility = Duration.seconds(120)
    static let renewal = Duration.seconds(40)
    /// Between two attempts where the queue cannot be asked: the first pause, doubled each time, and the longest.
    static let firstPause = Duration.seconds(1)
    static let longestPause = Duration.seconds(60)

    private let world: World
    private let state = Mutex(State())

    private struct State {
        var shelves: [String: MessageShelf] = [:]
        var queues: [String: String] = [:]
        /// Messages that were told of as strange; the oldest is forgotten beyond `mostStrange`.
        var strange: [String] = []
    }

    private static let mostStrange = 1_000

    init(world: World) { self.world = world }

    /// What a reader needs to know of its pipeline.
    struct Place {
        let pipeline: String
        let queue: String
        let landing: S3Place

        /// Nil where the pipeline has no queue.
        init?(_ pipeline: PipelineSettings) {
            guard let queue = pipeline.queue, let landing = S3Place(url: pipeline.landing) else { return nil }
            self.pipeline = pipeline.name
            self.queue = queue
            self.landing = landing
        }
    }

    // MARK: Runs

    func runBegins(_ pipeline: String) { state.withLock { $0.shelves[pipeline]?.runBegins() } }

    /// In a task of its own, waited for: what a run has answered before it was told to stop is answered.
    func runEnded(_ pipeline: String, isClosed: Bool, in session: AWSSession?, reporter: Reporter) async {
        let (done, queue) = state.withLock { ($0.shelves[pipeline]?.runEnded(isClosed: isClosed) ?? [], $0.queues[pipeline]) }
        guard !done.isEmpty, let queue, let session else { return }
        await Task { await Self.delete(done, from: queue, SQS(in: session), reporter) }.value
    }

    // MARK: Messages

    /// Reads until its task is cancelled or `isWanted` says no.
    /// - Parameters:
    ///   - beat: called at each turn.
    ///   - told: so many messages tell of new files.
    func follow(
        _ place: Place, in session: AWSSession, reporter: Reporter, isWanted: @escaping @Sendable () -> Bool, beat: @escaping @Sendable () -> Void,
        told: @escaping @Sendable (Int) -> Void
    ) async {
        let sqs = SQS(in: session)
        state.withLock { state in
            // What is held of another queue comes to others by itself.
            if state.queues[place.pipeline] != place.queue { state.shelves[place.pipeline] = MessageShelf() }
            state.queues[place.pipeline] = place.queue
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepHold(place, sqs, reporter) }
            await read(place, sqs, reporter, isWanted, beat, told)
            group.cancelAll()
        }
    }

    private func read(
        _ place: Place, _ sqs: SQS, _ reporter: Reporter, _ isWanted: () -> Bool, _ beat: () -> Void, _ told: (Int) -> Void
    ) async {
        var failures = 0
        while !Task.isCancelled, isWanted() {
            beat()
            guard state.withLock({ $0.shelves[place.pipeline]?.isFull }) == false else {
                try? await world.sleep(Self.firstPause)
                continue
            }
            do throws(AWSError) {
                let messages = try await sqs.receive(place.queue, visibility: Self.visibility)
                failures = 0
                await sort(messages, place, sqs, reporter, told)
            } catch {
                guard error.reason != .cancelled, !Task.isCancelled else { return }
                failures += 1
                if failures == 1 { reporter.report(DaemonEvent.queueUnreachable(culprit: place.queue, reason: error.culprit, remedy: error.remedy)) }
                try? await world.sleep(pause(after: failures))
            }
        }
    }

    private func pause(after failures: Int) -> Duration {
        let chance = Double(world.random() >> 11) / Double(1 << 53)
        return min(Self.longestPause, Self.firstPause * (1 << min(failures - 1, 10))) * (0.5 + chance / 2)
    }

    private func sort(_ messages: [SQS.Message], _ place: Place, _ sqs: SQS, _ reporter: Reporter, _ told: (Int) -> Void) async {
        var notices: [SQS.Message] = []
        var others: [String] = []
        for message in messages {
            switch place.meaning(of: message.body) {
            case .news: notices.append(message)
            case .other: others.append(message.receipt)
            case .strange(let reason, let remedy):
                guard isNews(message.id) else { continue }
                reporter.report(DaemonEvent.queueStrange(id: message.id, reason: reason, remedy: remedy))
            }
        }
        if !others.isEmpty {
            reporter.report(DaemonEvent.queueOther(messages: others.count))
            await Self.delete(others, from: place.queue, sqs, reporter)
        }
        let (taken, now) = (notices, world.now())
        let new = state.withLock { $0.shelves[place.pipeline]?.take(taken, at: now) } ?? 0
        guard new > 0 else { return }
        reporter.report(DaemonEvent.queueTold(messages: new))
        told(new)
    }

    private func isNews(_ id: String) -> Bool {
        state.withLock { state in
            guard !state.strange.contains(id) else { return false }
            if state.strange.count == Self.mostStrange { state.strange.removeFirst() }
            state.strange.append(id)
            return true
        }
    }

    private static func delete(_ receipts: [String], from queue: String, _ sqs: SQS, _ reporter: Reporter) async {
        for start in stride(from: 0, to: receipts.count, by: SQS.mostMessages) {
            let some = Array(receipts[start..<min(start + SQS.mostMessages, receipts.count)])
            do throws(AWSError) {
                let left = try await sqs.delete(queue, receipts: some)
                if left > 0 { reporter.report(DaemonEvent.queueNotEmptied(messages: left, reason: "sqs DeleteMessageBatch refused them")) }
            } catch {
                reporter.report(DaemonEvent.queueNotEmptied(messages: some.count, reason: error.culprit))
            }
        }
    }

    /// Renews what is held, so that nobody else gets it while a run works or waits to begin.
    private func keepHold(_ place: Place, _ sqs: SQS, _ reporter: Reporter) async {
        var isTold = false
        while (try? await world.sleep(Self.renewal)) != nil {
            let now = world.now()
            let receipts = state.withLock { state in
                state.shelves[place.pipeline]?.letGo(at: now)
                return state.shelves[place.pipeline]?.held.map(\.receipt) ?? []
            }
            guard !receipts.isEmpty else { continue }
            let trouble = await renew(receipts, place, sqs)
            guard !Task.isCancelled else { return }
            if let trouble, !isTold {
                reporter.report(DaemonEvent.queueNotHeld(messages: receipts.count, culprit: place.queue, reason: trouble.reason, remedy: trouble.remedy))
            }
            isTold = trouble != nil
        }
    }

    /// - Returns: what stood in the way of some that may be ours still. The next turn tries again: there are two before the time is over.
    private func renew(_ receipts: [String], _ place: Place, _ sqs: SQS) async -> (reason: String, remedy: String)? {
        var trouble: (reason: String, remedy: String)?
        for start in stride(from: 0, to: receipts.count, by: SQS.mostMessages) {
            let some = Array(receipts[start..<min(start + SQS.mostMessages, receipts.count)])
            do throws(AWSError) {
                let unchanged = try await sqs.changeVisibility(place.queue, receipts: some, to: Self.visibility)
                let gone = Set(unchanged.gone.compactMap { some.indices.contains($0) ? some[$0] : nil })
                state.withLock { $0.shelves[place.pipeline]?.lost(gone) }
                if let code = unchanged.refused.first {
                    trouble = trouble ?? ("sqs ChangeMessageVisibilityBatch refused \(unchanged.refused.count) messages: \(code)", "None; it is tried again.")
                }
            } catch {
                trouble = trouble ?? (error.culprit, error.remedy)
            }
        }
        return trouble
    }
}

extension QueueReader.Place {
    enum Meaning: Equatable {
        /// A file may have come.
        case news
        /// Nothing for us to do.
        case other
        /// Left in the queue: somebody has to look at it.
        case strange(String, remedy: String)
    }

    func meaning(of body: String) -> Meaning {
        let remedy = "Give this queue to the landing zone's bucket alone, and a redrive policy, so that such messages end among the dead letters."
        switch S3Notice.read(body) {
        case .test(let bucket):
            return bucket == nil || bucket == landing.bucket ? .other : .strange("it is S3's test of the bucket \(bucket ?? "")", remedy: remedy)
        case .objects(let objects):
            guard objects.allSatisfy({ $0.bucket == landing.bucket }) else {
                let others = Set(objects.map(\.bucket)).subtracting([landing.bucket]).sorted().joined(separator: ", ")
                return .strange("it tells of another bucket: \(others)", remedy: remedy)
            }
            return objects.contains { $0.isNew && $0.key.hasPrefix(landing.prefix + "data/") } ? .news : .other
        case .strange(let reason): return .strange(reason, remedy: remedy)
        }
    }
}
