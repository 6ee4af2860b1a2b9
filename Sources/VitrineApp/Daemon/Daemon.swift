import AWS
import CatalogSync
import Engine
import Events
import ObjectStore
import ServiceLifecycle
import Settings
import Synchronization
import Telemetry

/// The heart of `vitrine serve`: asks the schedule what is due, and does it. One task for each run and each look; told to stop it starts
/// nothing new, and its runs give up as a run does that gets SIGTERM.
final class Daemon: Service {
    /// The longest the loop sleeps: a pause that ends, a clock that was set, and lines that sinks hold back are noticed as soon as that.
    static let longestSleep = Duration.seconds(20)
    private static let shortestSleep = Duration.milliseconds(10)
    /// How long the loop may be silent before `/healthz` says so.
    static let silence = Duration.seconds(60)
    static let loop = "schedule"

    private let state: Mutex<State>
    private let wake = Wake()
    /// Rung when a run has ended or the settings are others: there may be something to tell.
    let alertBell = Wake()
    let heartbeats: Heartbeats
    private let world: World
    private let pause: @Sendable (_ pipeline: String) async -> String?
    private let queues: QueueReader
    private let manager: ServiceManager?
    private let whenReady: @Sendable () async -> Void

    private struct State {
        var session: AppSession
        var schedule: Schedule
        /// All pipelines that were ever in the settings of this process.
        var known: Set<String>
        var isDraining = false
        var activity = Activity()
        /// Pipelines whose queue is read.
        var followed: Set<String> = []
        var toldPaused: Set<String> = []
        var toldUnreadable: Set<String> = []
        /// By pipeline: when the newest file that waits was stored.
        var waiting: [String: WaitingFiles] = [:]
    }

    /// - Parameters:
    ///   - memory: what the ledger and the stores know of each pipeline.
    ///   - pause: asked before each start: why the pipeline is not to run now; nil where it may.
    ///   - manager: told how things stand.
    ///   - whenReady: returns when the first run may start: whoever starts a second process by mistake is to hear it before that.
    init(
        session: AppSession, memory: [String: ScheduleMemory], world: World, pause: @escaping @Sendable (String) async -> String?,
        manager: ServiceManager? = nil, whenReady: @escaping @Sendable () async -> Void = {}
    ) {
        let pipelines = session.loaded.settings.pipelines
        let schedule = Schedule(pipelines.map(ScheduleEntry.init), memory: memory, now: world.now())
        state = Mutex(State(session: session, schedule: schedule, known: Set(pipelines.map(\.name))))
        heartbeats = Heartbeats(now: world.now)
        self.world = world
        queues = QueueReader(world: world)
        self.pause = pause
        self.manager = manager
        self.whenReady = whenReady
        heartbeats.beat(Self.loop, bound: Self.silence)
    }

    var session: AppSession { state.withLock { $0.session } }
    var isDraining: Bool { state.withLock { $0.isDraining } }
    /// What is in progress.
    var activity: Activity { state.withLock { $0.activity } }

    struct Activity: Sendable, Equatable {
        /// Runs and looks.
        fileprivate(set) var busy = 0
        /// Another number whenever one has begun or ended.
        fileprivate(set) var changes = 0
    }

    /// By pipeline, as of the last look.
    var waiting: [String: WaitingFiles] { state.withLock { $0.waiting } }

    var running: Set<String> { state.withLock { $0.schedule.running } }
    private var reporter: Reporter { session.telemetry.reporter }

    func run() async { await cancelWhenGracefulShutdown { await self.work() } }

    /// A state in a bucket that is another's by now: this process can keep nothing any more, a new one can.
    private var isStateLost: Bool { session.state.bucket?.lost != nil }

    /// Ends when its task is cancelled, or the state is lost, and every run has given up.
    private func work() async {
        await whenReady()
        guard !Task.isCancelled else { return }
        reporter.report(DaemonEvent.started(pipelines: session.loaded.settings.pipelines.count))
        sayWithoutEffect()
        for pipeline in session.loaded.settings.pipelines { announce(pipeline.name) }
        manager?.isReady()
        // Discarding: a task that has ended is gone, in a process that lives for months.
        let stopped = await withDiscardingTaskGroup(returning: Timestamp.self) { group in
            while !Task.isCancelled, !isStateLost {
                for place in newQueues() { group.addTask { await self.follow(place) } }
                for action in await turn() { group.addTask { await self.perform(action) } }
                await rest()
            }
            let stopped = world.now()
            drain()
            // Whose state it is now does the rest; runs give up as when told to stop.
            if isStateLost { group.cancelAll() }
            return stopped
        }
        session.telemetry.hub.flush()
        reporter.report(DaemonEvent.stopped(seconds: max(0, (world.now() - stopped) / .seconds(1))))
    }

    private func turn() async -> [Schedule.Action] {
        heartbeats.beat(Self.loop, bound: Self.silence)
        manager?.isWell()
        let now = world.now()
        let paused = await paused(of: state.withLock { $0.schedule.due(now: now) })
        let (actions, told) = state.withLock { state in
            let actions = state.schedule.actions(now: now, paused: Set(paused.keys))
            let told = state.toldPaused
            state.toldPaused = Set(paused.keys)
            state.activity.busy += actions.count
            state.activity.changes += actions.count
            return (actions, told)
        }
        for (pipeline, words) in paused.sorted(by: { $0.key < $1.key }) where !told.contains(pipeline) {
            reporter.scoped(pipeline: pipeline).report(DaemonEvent.runWaiting(words))
        }
        session.telemetry.hub.flush()
        return actions
    }

    private func paused(of due: Set<String>) async -> [String: String] {
        var paused: [String: String] = [:]
        for pipeline in due { if let words = await pause(pipeline) { paused[pipeline] = words } }
        return paused
    }

    private func rest() async {
        let next = state.withLock { $0.schedule.nextMoment }
        let wait = next.map { min(Self.longestSleep, max(Self.shortestSleep, $0 - world.now())) } ?? Self.longestSleep
        await withTaskGroup(of: Void.self) { race in
            race.addTask { [world] in try? await world.sleep(wait) }
            race.addTask { await self.wake.wait() }
            await race.next()
            race.cancelAll()
        }
    }

    private func drain() {
        let running = state.withLock { state in
            state.isDraining = true
            return state.schedule.running.count
        }
        manager?.isStopping()
        heartbeats.end(Self.loop)
        reporter.report(DaemonEvent.stopping(runs: running))
    }

    private func perform(_ action: Schedule.Action) async {
        switch action {
        case .start(let pipeline, let cause): await run(pipeline, cause)
        case .look(let pipeline): await look(at: pipeline)
        }
        state.withLock { state in
            state.activity.busy -= 1
            state.activity.changes += 1
        }
        wake.ring()
    }

    private func run(_ name: String, _ cause: RunCause) async {
        let session = session
        session.telemetry.reporter.scoped(pipeline: name).report(DaemonEvent.runDue(cause))
        guard let pipeline = session.loaded.settings.pipelines.first(where: { $0.name == name }) else {
            // Taken out of the settings in between.
            let now = world.now()
            return state.withLock { $0.schedule.ended(name, ScheduledEnd(), now: now) }
        }
        queues.runBegins(name)
        let report = await session.run(pipeline, CatalogSync.Request())
        alertBell.ring()
        await queues.runEnded(name, isClosed: report.state.isEnd, in: try? session.factory.aws.session(), reporter: session.telemetry.reporter.scoped(pipeline: name))
        let now = world.now()
        state.withLock { $0.schedule.ended(name, ScheduledEnd(report), now: now) }
        await session.tellFigures(of: [name])
        session.telemetry.hub.flush()
        if !isDraining { announce(name) }
    }

    private func announce(_ pipeline: String) {
        guard let next = state.withLock({ $0.schedule.nextTime(of: pipeline) }) else { return }
        reporter.scoped(pipeline: pipeline).report(DaemonEvent.runNext(next))
    }
}

// MARK: - Queues

extension Daemon {
    /// Queues of the settings that nobody reads yet.
    private func newQueues() -> [QueueReader.Place] {
        let places = session.loaded.settings.pipelines.compactMap(QueueReader.Place.init)
        return state.withLock { state in places.filter { state.followed.insert($0.pipeline).inserted } }
    }

    /// Until the daemon ends, or the settings name this queue no more.
    private func follow(_ place: QueueReader.Place) async {
        let session = session
        let (name, beat) = (place.pipeline, "queue \(place.pipeline)")
        do {
            await queues.follow(
                place, in: try session.factory.aws.session(), reporter: session.telemetry.reporter.scoped(pipeline: name),
                isWanted: { !self.isStateLost && self.session.loaded.settings.pipelines.contains { $0.name == name && $0.queue == place.queue } },
                beat: { self.heartbeats.beat(beat, bound: Self.silence + QueueReader.longestPause + SQS.longestWait) },
                told: { self.told(name, $0) })
        } catch {
            let stop = RunStop(appError: error)
            session.telemetry.reporter.scoped(pipeline: name)
                .report(DaemonEvent.queueUnreachable(culprit: place.queue, reason: stop.detail, remedy: stop.remedy))
            try? await world.sleep(QueueReader.longestPause)
        }
        heartbeats.end(beat)
        state.withLock { _ = $0.followed.remove(name) }
        wake.ring()
    }

    private func told(_ pipeline: String, _ messages: Int) {
        let now = world.now()
        state.withLock { $0.schedule.told(pipeline, messages: messages, now: now) }
        wake.ring()
    }
}

// MARK: - Looking, and other settings

extension Daemon {
    /// Keeps the figures of the landing zone fresh, and tells the schedule what waits there.
    private func look(at name: String) async {
        let session = session
        guard let pipeline = session.loaded.settings.pipelines.first(where: { $0.name == name }) else {
            let now = world.now()
            return state.withLock { $0.schedule.lookFailed(name, now: now) }
        }
        let reporter = session.telemetry.reporter.scoped(pipeline: name)
        do {
            let files = try await session.look(at: pipeline)
            let now = world.now()
            state.withLock { state in
                state.schedule.looked(name, files: Set(files.map { "\($0.key)\u{0}\($0.revision)" }), now: now)
                state.toldUnreadable.remove(name)
                state.waiting[name] = WaitingFiles(files.map(\.modified))
            }
        } catch {
            let stop = RunStop(any: error)
            let now = world.now()
            let isNews = state.withLock { state in
                state.schedule.lookFailed(name, now: now)
                state.waiting[name] = .notKnown
                return state.toldUnreadable.insert(name).inserted
            }
            if isNews { reporter.report(DaemonEvent.landingUnreadable(culprit: stop.culprit, reason: stop.detail, remedy: stop.remedy)) }
        }
        // Not where the settings have lost it meanwhile: nobody would beat it again.
        guard self.session.loaded.settings.pipelines.contains(where: { $0.name == name }) else { return }
        heartbeats.beat(Self.watch(name), bound: Self.silence + pipeline.watchInterval * 3)
    }

    private func sayWithoutEffect() {
        let keys = session.withoutEffect
        if !keys.isEmpty { reporter.report(DaemonEvent.settingsWithoutEffect(keys: keys.joined(separator: ", "))) }
    }

    private static func watch(_ pipeline: String) -> String { "watch \(pipeline)" }

    /// Reads the settings anew. Wrong ones change nothing.
    func reload() {
        manager?.isReloading()
        defer { manager?.isReady() }
        session.telemetry.reopenFiles()
        let old = session
        do {
            let loaded = try LoadedSettings.load(old.loaded.settings.file)
            let later = loaded.settings.laterThan(old.loaded.settings)
            if !later.isEmpty { reporter.report(DaemonEvent.settingsLater(keys: later.joined(separator: ", "))) }
            let known = state.withLock { $0.known }
            let session = try old.renewed(loaded, known: known)
            let pipelines = loaded.settings.pipelines
            let now = world.now()
            let gone = state.withLock { state in
                state.session = session
                state.known.formUnion(pipelines.map(\.name))
                state.schedule.reload(pipelines.map(ScheduleEntry.init), now: now)
                return state.known.subtracting(pipelines.map(\.name))
            }
            for name in gone { heartbeats.end(Self.watch(name)) }
            reporter.report(DaemonEvent.settingsReloaded(pipelines: pipelines.count))
            sayWithoutEffect()
            for pipeline in pipelines { announce(pipeline.name) }
        } catch {
            let stop = RunStop(appError: error)
            reporter.report(DaemonEvent.settingsRefused(culprit: stop.culprit, reason: stop.detail, remedy: stop.remedy))
        }
        session.telemetry.hub.flush()
        wake.ring()
        alertBell.ring()
    }
}
