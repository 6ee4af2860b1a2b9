import Engine
import MetaCatalog

/// What to do about a call that got no usable answer. Pure: the class of the failure and the number of tries decide.
enum Reaction: Equatable {
    case again(after: Duration)
    /// Wait until Meta takes calls again.
    case wait(Duration)
    /// Some item is at fault, or the body is too large: cut it.
    case cut
    case stop(RunStop)

    struct Limits {
        var attempts: Int
        var backoff: Duration
        var longestBackoff: Duration
        var throttleFloor: Duration
        var patience: Duration
    }

    /// `tries` counts those made, `waited` the sum of the waits for quota so far; `jitter` is drawn from 0…1.
    static func to(_ failure: CallFailure, tries: Int, waited: Duration, jitter: Double, limits: Limits) -> Reaction {
        switch failure.kind {
        case .throttled:
            let pause = max(failure.regainAccess ?? .zero, limits.throttleFloor) * (1 + 0.1 * jitter)
            if waited + pause > limits.patience { return .stop(RunStop(failure, .tryAgainLater, "throttled")) }
            return .wait(pause)
        case .transient, .unreachable, .lostAnswer, .malformedAnswer:
            if tries >= limits.attempts { return .stop(RunStop(failure, .serviceUnavailable, failure.kind.rawValue)) }
            // The first lost answer is resent at once: a broken connection says nothing about Meta.
            if failure.kind == .lostAnswer, tries == 1 { return .again(after: .zero) }
            let pause = min(limits.backoff * (1 << min(tries - 1, 16)), limits.longestBackoff)
            return .again(after: pause * (0.5 + 0.5 * jitter))
        case .tooLarge, .dataRefused: return .cut
        case .authentication: return .stop(RunStop(failure, .permission, "token"))
        case .permission: return .stop(RunStop(failure, .permission, "permission"))
        case .badRequest: return .stop(RunStop(failure, .serviceUnavailable, "bad_request"))
        case .versionRetired: return .stop(RunStop(failure, .settings, "api_version"))
        case .cancelled: return .stop(.toldToStop)
        }
    }
}

extension RunStop {
    init(_ failure: CallFailure, _ code: ExitCode, _ reason: String) {
        self.init(code, reason: reason, culprit: failure.culprit, detail: failure.message, remedy: failure.remedy)
    }

    static var toldToStop: RunStop {
        RunStop(
            .tryAgainLater, reason: "told_to_stop", culprit: "this process", detail: "it was told to stop",
            remedy: "Run it again: it goes on where it stopped.")
    }
}

extension Duration {
    static func * (left: Duration, right: Int) -> Duration { left * Double(right) }
}
