public import Events

/// What the AWS room has to say.
public enum AWSEvent: Event {
    public enum Name: String, EventName {
        case callEnded = "aws.call"
        case callRetried = "aws.retried"
        case clockCorrected = "aws.clock_corrected"
        case credentialsFound = "aws.credentials"
    }

    /// The label `outcome` of the request metrics.
    public enum Outcome: String, Sendable, CaseIterable { case ok, throttled, transient, refused }

    /// One try of one call has ended.
    case callEnded(service: AWSService, operation: String, outcome: Outcome, seconds: Double, status: Int?)
    case callRetried(service: AWSService, operation: String, attempt: Int, wait: Duration, why: String)
    /// The machine's clock was off by so many seconds; AWS's is used for signatures from here on.
    case clockCorrected(seconds: Double)
    case credentialsFound(source: String, expiresAt: Timestamp?)

    public var name: Name {
        switch self {
        case .callEnded: .callEnded
        case .callRetried: .callRetried
        case .clockCorrected: .clockCorrected
        case .credentialsFound: .credentialsFound
        }
    }

    public static let examples: [AWSEvent] = [
        .callEnded(service: .s3, operation: "GetObject", outcome: .ok, seconds: 0.031, status: 200),
        .callRetried(service: .s3, operation: "PutObject", attempt: 1, wait: .milliseconds(400), why: "SlowDown (503)"),
        .clockCorrected(seconds: -310),
        .credentialsFound(source: "container endpoint", expiresAt: Timestamp(year: 2026, month: 11, day: 21, hour: 18)),
    ]

    public func describe(to signal: inout Signal) {
        switch self {
        case .callEnded(let service, let operation, let outcome, let seconds, let status):
            signal.say(.debug, "AWS \(service.rawValue) \(operation): \(outcome.rawValue).")
            signal.field(.api, service.api)
            signal.field(.outcome, outcome.rawValue)
            signal.field(.httpStatus, status)
            signal.field(.durationMilliseconds, seconds * 1_000)
            signal.observe(.httpRequestDuration, seconds, LabelValue(.api, service.api), LabelValue(.outcome, outcome.rawValue))
        case .callRetried(let service, let operation, let attempt, let wait, let why):
            signal.say(.warning, "AWS \(service.rawValue) \(operation) failed and is tried again.")
            signal.field(.api, service.api)
            signal.field(.attempt, attempt)
            signal.field(.waitMilliseconds, wait / .milliseconds(1))
            signal.field(.reason, why)
        case .clockCorrected(let seconds):
            signal.say(.warning, "This machine's clock is \(Int(abs(seconds))) seconds \(seconds < 0 ? "fast" : "slow"); AWS's time is used to sign.")
            signal.field(.remedy, "Let the machine take its time from a time server.")
        case .credentialsFound(let source, let expiresAt):
            signal.say(.info, "AWS credentials come from \(source)\(expiresAt.map { " and end at \($0.rfc3339)" } ?? "").")
        }
    }
}
