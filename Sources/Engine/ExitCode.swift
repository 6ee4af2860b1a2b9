/// Exit codes after sysexits.h, as the contract names them.
public enum ExitCode: Int32, Sendable, Codable, CaseIterable {
    case success = 0
    case doneWithErrors = 1
    /// Of `status` only: a monitor is to call somebody.
    case critical = 2
    case usage = 64
    case validationFailed = 65
    case serviceUnavailable = 69
    case internalError = 70
    case cannotWrite = 73
    case tryAgainLater = 75
    case permission = 77
    case settings = 78

    /// The word for scripts: `error.code` in JSON output.
    public var name: String {
        switch self {
        case .success: "ok"
        case .doneWithErrors: "done_with_errors"
        case .critical: "critical"
        case .usage: "usage"
        case .validationFailed: "validation_failed"
        case .serviceUnavailable: "service_unavailable"
        case .internalError: "internal"
        case .cannotWrite: "cannot_write"
        case .tryAgainLater: "try_again_later"
        case .permission: "permission"
        case .settings: "settings"
        }
    }

    /// The worst comes first, where one process answers for several runs.
    private static let severity: [ExitCode] = [
        .internalError, .settings, .permission, .cannotWrite, .serviceUnavailable, .tryAgainLater, .validationFailed, .usage,
        .critical, .doneWithErrors, .success,
    ]

    public static func worst(_ codes: some Sequence<ExitCode>) -> ExitCode {
        let present = Set(codes)
        return severity.first { present.contains($0) } ?? .success
    }
}
