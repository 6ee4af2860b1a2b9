/// When people are told, and who.
public struct AlertRule: Sendable, Equatable {
    /// Unique among the rules in force; part of an incident's identity.
    public var name: String
    public var trigger: AlertTrigger
    public var window: RunWindow
    /// An open incident is told again when this much time has gone since it was last told. Nil: never without news.
    public var remind: Duration?
    public var severity: AlertSeverity
    /// Names of channels, in the order in which they are told.
    public var channels: [String]
    /// Where a person reads on, `https://…`.
    public var runbook: String?

    public init(
        name: String, trigger: AlertTrigger, window: RunWindow = .oneRun, remind: Duration? = nil, severity: AlertSeverity = .warning,
        channels: [String], runbook: String? = nil
    ) {
        self.name = name
        self.trigger = trigger
        self.window = window
        self.remind = remind
        self.severity = severity
        self.channels = channels
        self.runbook = runbook
    }
}

public enum AlertSeverity: String, Sendable, CaseIterable, Codable, Comparable {
    case info, warning, critical

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .critical: 2
        }
    }

    public static func < (left: AlertSeverity, right: AlertSeverity) -> Bool { left.rank < right.rank }
}

/// What a rule looks at.
public enum AlertTrigger: Sendable, Equatable {
    /// A figure of the report, its path joined by `_`, such as `items_refused`, above a threshold and at least `atLeast`.
    case figure(String, above: AlertThreshold, atLeast: Int?)
    /// Ends of a run that need a person.
    case ends([AlertEnd])
    /// No run has ended well for so long.
    case noSuccessFor(Duration)
    /// No file has come for so long; where hours are given only they count.
    case noFileFor(Duration, within: ActiveHours?)
    /// Something was sent so long ago and its verdict is still not known.
    case unknownOlderThan(Duration)
    /// What we need to work ends within so long, or has ended.
    case endsWithin(AlertExpiry, Duration)
}

/// What every run needs and what ends on a day that is known before.
public enum AlertExpiry: String, Sendable, CaseIterable, Codable {
    case token
    case apiVersion = "api_version"

    var words: String {
        switch self {
        case .token: "the access token"
        case .apiVersion: "the version of the other side's API"
        }
    }
}

public enum AlertThreshold: Sendable, Equatable {
    case number(Double)
    /// 0...1 of the other figure.
    case share(Double, of: String)
}

/// An end of a run that needs a person.
public enum AlertEnd: String, Sendable, CaseIterable, Codable {
    /// The other side does not accept our credentials.
    case token
    /// It knows who we are and does not let us do this, or the place we write to is gone.
    case permission
    case validationFailed = "validation_failed"
    case held
    /// The sums of the run do not balance: a defect of ours.
    case books
    /// The settings are wrong, or what they name is not there.
    case settings
    /// Something cannot be written: no room, no right.
    case cannotWrite = "cannot_write"

    /// Whether everything else that fails in the run fails because of it.
    var isLackOfAccess: Bool { self == .token || self == .permission }

    var words: String {
        switch self {
        case .token: "the access token is not accepted"
        case .permission: "we are not let in, or what we write to is not there"
        case .validationFailed: "the input was refused as a whole"
        case .held: "the run is held and waits for a person"
        case .books: "the books do not balance"
        case .settings: "the settings are wrong, or what they name is not there"
        case .cannotWrite: "something cannot be written"
        }
    }
}

/// Opens when `bad` of the last `of` judged runs were bad, closes after `good` good ones in a row.
public struct RunWindow: Sendable, Equatable {
    /// 1...`of`.
    public var bad: Int
    /// 1...`longest`.
    public var of: Int
    /// 1...`longest`.
    public var good: Int

    public static let longest = 100
    public static let oneRun = RunWindow(bad: 1, of: 1, good: 1)

    /// What lies outside the ranges becomes the nearest value inside.
    public init(bad: Int, of: Int, good: Int = 1) {
        self.of = min(max(of, 1), Self.longest)
        self.bad = min(max(bad, 1), self.of)
        self.good = min(max(good, 1), Self.longest)
    }
}
