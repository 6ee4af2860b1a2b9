public import Engine
public import Events

/// What the process around the runs says, `vitrine serve` most of it.
public enum DaemonEvent: Event {
    case started(pipelines: Int)
    case listening(url: String, needsLogin: Bool)
    case stopping(runs: Int)
    case stopped(seconds: Double)
    case runNext(Timestamp)
    case runDue(RunCause)
    case runWaiting(String)
    case landingWatched(files: Int, oldest: Timestamp?)
    /// The run that waits for a person; nil: none does.
    case holdWatched(runID: String?)
    case landingUnreadable(culprit: String, reason: String, remedy: String)
    /// Messages of the queue that tell of new files.
    case queueTold(messages: Int)
    /// Messages about something else, which are done with: other keys of the bucket, S3's own test.
    case queueOther(messages: Int)
    /// A message that is left in the queue, since it is not for us or cannot be read.
    case queueStrange(id: String, reason: String, remedy: String)
    case queueUnreachable(culprit: String, reason: String, remedy: String)
    /// What is done with could not be taken out of the queue: it comes again, and finds nothing to do.
    case queueNotEmptied(messages: Int, reason: String)
    /// Messages that are held for a run could not be hidden for longer; told once until it works again.
    case queueNotHeld(messages: Int, culprit: String, reason: String, remedy: String)
    case settingsReloaded(pipelines: Int)
    case settingsRefused(culprit: String, reason: String, remedy: String)
    case settingsLater(keys: String)
    case settingsWithoutEffect(keys: String)
    case requestRefused(status: Int, path: String)
    /// Who asked last of those turned away since the last such line, and how many they are. `gave`: whether a token or password came with it, which is not told.
    case requestUnauthorized(remote: String, path: String, gave: Bool, count: Int)
    /// A library beneath us logged something, through swift-log.
    case librarySaid(library: String, Level, message: String, facts: String)

    public enum Name: String, EventName {
        case started = "serve.started"
        case listening = "serve.listening"
        case stopping = "serve.stopping"
        case stopped = "serve.stopped"
        case runNext = "run.next"
        case runDue = "run.due"
        case runWaiting = "run.waiting"
        case landingWatched = "landing.watched"
        case holdWatched = "hold.watched"
        case landingUnreadable = "landing.unreadable"
        case queueTold = "queue.told"
        case queueOther = "queue.other"
        case queueStrange = "queue.strange"
        case queueUnreachable = "queue.unreachable"
        case queueNotEmptied = "queue.not_emptied"
        case queueNotHeld = "queue.not_held"
        case settingsReloaded = "settings.reloaded"
        case settingsRefused = "settings.refused"
        case settingsLater = "settings.later"
        case settingsWithoutEffect = "settings.without_effect"
        case requestRefused = "request.refused"
        case requestUnauthorized = "request.unauthorized"
        case librarySaid = "library.said"
    }

    public var name: Name {
        switch self {
        case .started: .started
        case .listening: .listening
        case .stopping: .stopping
        case .stopped: .stopped
        case .runNext: .runNext
        case .runDue: .runDue
        case .runWaiting: .runWaiting
        case .landingWatched: .landingWatched
        case .holdWatched: .holdWatched
        case .landingUnreadable: .landingUnreadable
        case .queueTold: .queueTold
        case .queueOther: .queueOther
        case .queueStrange: .queueStrange
        case .queueUnreachable: .queueUnreachable
        case .queueNotEmptied: .queueNotEmptied
        case .queueNotHeld: .queueNotHeld
        case .settingsReloaded: .settingsReloaded
        case .settingsRefused: .settingsRefused
        case .settingsLater: .settingsLater
        case .settingsWithoutEffect: .settingsWithoutEffect
        case .requestRefused: .requestRefused
        case .requestUnauthorized: .requestUnauthorized
        case .librarySaid: .librarySaid
        }
    }

    public func describe(to signal: inout Signal) {
        switch self {
        case .started(let pipelines):
            signal.say(.info, "Serving.")
            signal.field(.count, pipelines)
        case .listening(let url, let needsLogin):
            signal.say(.info, needsLogin ? "Listening; a token or password is asked for." : "Listening; whoever reaches this address may look.")
            signal.field(.url, url)
        case .stopping(let runs):
            signal.say(.info, "Told to stop: nothing new starts, runs in progress give up and can be resumed.")
            signal.field(.count, runs)
        case .stopped(let seconds):
            signal.say(.info, "Stopped.")
            signal.field(.durationMilliseconds, Int(seconds * 1000))
        case .runNext(let time):
            signal.say(.info, "Next run by the schedule.")
            signal.field(.due, time.rfc3339)
        case .runDue(let cause): Self.describe(cause, to: &signal)
        case .runWaiting(let words):
            signal.say(.warning, "A run is due, but waits: the pipeline is paused, or a run of it is held.")
            signal.field(.reason, words)
        case .landingWatched(let files, let oldest):
            signal.say(.debug, "Landing zone looked at.")
            signal.field(.files, files)
            signal.set(.landingPendingFiles, Double(files))
            signal.set(.landingOldestFile, oldest?.seconds ?? 0)
        case .holdWatched(let runID):
            signal.say(.debug, runID == nil ? "No run waits for a person." : "A run waits for a person.")
            signal.field(.value, runID)
            signal.set(.heldRuns, runID == nil ? 0 : 1)
        case .landingUnreadable(let culprit, let reason, let remedy):
            signal.say(.error, "The landing zone cannot be looked at; it is tried again.")
            signal.problem(culprit, reason, remedy)
        case .queueTold(let messages):
            signal.say(.info, "The queue tells of new files.")
            signal.field(.count, messages)
            signal.add(.queueMessages, messages, LabelValue(.outcome, "notice"))
        case .queueOther(let messages):
            signal.say(.debug, "Messages of the queue that are about something else are done with.")
            signal.field(.count, messages)
            signal.add(.queueMessages, messages, LabelValue(.outcome, "other"))
        case .queueStrange(let id, let reason, let remedy):
            signal.say(.warning, "A message of the queue is left there.")
            signal.problem("message \(id)", reason, remedy)
            signal.add(.queueMessages, 1, LabelValue(.outcome, "strange"))
        case .queueUnreachable(let culprit, let reason, let remedy):
            signal.say(.error, "The queue cannot be asked; it is tried again, and the landing zone is looked at meanwhile.")
            signal.problem(culprit, reason, remedy)
        case .queueNotEmptied(let messages, let reason):
            signal.say(.warning, "Messages that are done with could not be deleted; they come again and find nothing to do.")
            signal.field(.count, messages)
            signal.field(.reason, reason)
        case .queueNotHeld(let messages, let culprit, let reason, let remedy):
            signal.say(.warning, "Messages that wait for the end of a run could not be hidden for longer; they may come a second time, to others too.")
            signal.field(.count, messages)
            signal.problem(culprit, reason, remedy)
        case .settingsReloaded(let pipelines):
            signal.say(.info, "Settings read anew.")
            signal.field(.count, pipelines)
        case .settingsRefused(let culprit, let reason, let remedy):
            signal.say(.error, "The new settings are wrong; the old ones stay in force.")
            signal.problem(culprit, reason, remedy)
        case .settingsLater(let keys):
            signal.say(.warning, "These settings have changed and take effect when the process is started again.")
            signal.field(.value, keys)
        case .settingsWithoutEffect(let keys):
            signal.say(.warning, "These settings are set and do nothing in this version.")
            signal.field(.value, keys)
        case .requestRefused(let status, let path):
            signal.say(.debug, "HTTP request refused.")
            signal.field(.httpStatus, status)
            signal.field(.path, path)
        case .requestUnauthorized(let remote, let path, let gave, let count):
            signal.say(.warning, gave ? "Turned away: a wrong token or password." : "Turned away: no token or password.")
            signal.field(.culprit, remote)
            signal.field(.httpStatus, 401)
            signal.field(.path, path)
            signal.field(.count, count)
            signal.field(.remedy, "If this is your Prometheus: give it the token of telemetry.prometheus. If it is nobody you know: close the port to it.")
        case .librarySaid(let library, let level, let message, let facts):
            signal.say(level, message)
            signal.field(.culprit, library)
            if !facts.isEmpty { signal.field(.reason, facts) }
        }
    }

    private static func describe(_ cause: RunCause, to signal: inout Signal) {
        switch cause {
        case .time(let time):
            signal.say(.info, "A run is due by the schedule.")
            signal.field(.due, time.rfc3339)
        case .missed(let time):
            signal.say(.warning, "Times of the schedule were missed since then; this run makes them up.")
            signal.field(.due, time.rfc3339)
        case .files(let count):
            signal.say(.info, "A run is due: files have arrived.")
            signal.field(.files, count)
        case .told(let messages):
            signal.say(.info, "A run is due: the queue tells of new files.")
            signal.field(.count, messages)
        case .unfinished: signal.say(.info, "A run is due: an earlier one is to be gone on with.")
        }
        signal.field(.reason, cause.word)
    }

    public static var examples: [DaemonEvent] {
        let time = Timestamp(year: 2026, month: 11, day: 21, hour: 9)
        return [
            .started(pipelines: 2), .listening(url: "http://127.0.0.1:9464", needsLogin: false), .stopping(runs: 1), .stopped(seconds: 0.8),
            .runNext(time), .runDue(.time(time)), .runDue(.missed(time)), .runDue(.files(3)), .runDue(.unfinished), .runWaiting("paused by ana since 2026-11-21T08:00:00.000Z until it is resumed: stock-taking"),
            .landingWatched(files: 3, oldest: time), .holdWatched(runID: "20261121T080000Z-3fa4c1"), .holdWatched(runID: nil),
            .landingUnreadable(culprit: "/srv/shop/landing-zone", reason: "cannot list it: Input/output error", remedy: "Check the disk."),
            .queueTold(messages: 4), .queueOther(messages: 2),
            .queueStrange(id: "5fea7756", reason: "it is no notice of S3", remedy: "Give the queue a redrive policy."),
            .queueUnreachable(
                culprit: "https://sqs.eu-central-1.amazonaws.com/123456789012/files", reason: "sqs ReceiveMessage: AccessDenied (403)",
                remedy: "Give the role the right sqs:ReceiveMessage."),
            .queueNotEmptied(messages: 2, reason: "sqs DeleteMessageBatch: ServiceUnavailable (503)"),
            .queueNotHeld(
                messages: 2, culprit: "https://sqs.eu-central-1.amazonaws.com/123456789012/files", reason: "sqs ChangeMessageVisibilityBatch: AccessDenied (403)",
                remedy: "Give the role the right sqs:ChangeMessageVisibility."),
            .settingsReloaded(pipelines: 2),
            .settingsRefused(
                culprit: "vitrine.yaml:12", reason: "pipelines.shop-catalog.schedule: \"hourly\" has 1 fields, not 5",
                remedy: "write five fields (minute hour day month weekday, UTC), such as \"0 * * * *\""),
            .settingsLater(keys: "state, telemetry.logs.file"),
            .settingsWithoutEffect(keys: "telemetry.otlp"),
            .requestRefused(status: 401, path: "/metrics"), .requestUnauthorized(remote: "10.0.0.7", path: "/metrics", gave: true, count: 12),
            .librarySaid(library: "web", .debug, message: "Waiting on child channel: Too many open files", facts: "error=EMFILE"),
        ]
    }
}

extension Signal {
    fileprivate mutating func problem(_ culprit: String, _ reason: String, _ remedy: String) {
        field(.culprit, culprit)
        field(.reason, reason)
        field(.remedy, remedy)
    }
}
