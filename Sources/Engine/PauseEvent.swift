public import Events

/// What happens to pauses.
public enum PauseEvent: Event {
    case paused(Pause)
    /// - `author`: who ended it; nil where its time was over.
    case resumed(Pause, author: String?, reason: String)
    /// A run that did not begin.
    case runRefused(Pause)

    public enum Name: String, EventName {
        case paused = "pipeline.paused"
        case resumed = "pipeline.resumed"
        case runRefused = "pipeline.still_paused"
    }

    public var name: Name {
        switch self {
        case .paused: .paused
        case .resumed: .resumed
        case .runRefused: .runRefused
        }
    }

    public func describe(to signal: inout Signal) {
        switch self {
        case .paused(let pause):
            signal.say(.warning, "Pipeline paused; no run begins until it is resumed.")
            signal.field(.author, pause.author)
            signal.field(.reason, pause.reason)
            signal.field(.until, pause.until?.rfc3339)
        case .resumed(let pause, let author, let reason):
            signal.say(.warning, "Pipeline resumed.")
            signal.field(.author, author)
            signal.field(.reason, reason)
            signal.field(.value, pause.words)
        case .runRefused(let pause):
            signal.say(.info, "The pipeline is paused; this run does not begin.")
            signal.field(.author, pause.author)
            signal.field(.reason, pause.reason)
            signal.field(.until, pause.until?.rfc3339)
        }
    }

    public static var examples: [PauseEvent] {
        let start = Timestamp(year: 2026, month: 11, day: 21, hour: 8)
        let pause = Pause(pipeline: "north-shop", author: "ana@shop-1", reason: "stock-taking", since: start, until: start + .seconds(4 * 3600))
        return [.paused(pause), .resumed(pause, author: "ben@shop-1", reason: "done earlier"), .runRefused(pause)]
    }
}
