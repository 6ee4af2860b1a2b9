/// Who is told of what.
public struct AlertSettings: Sendable, Equatable {
    /// Whether the rules that ship are on.
    public var shipped: Bool
    /// The most messages an hour.
    public var hourlyCap: Int
    public var rules: [AlertRuleSettings]
    /// In the order of the file.
    public var channels: [ChannelSettings]
    /// Stands in every message.
    public var dashboard: String?
    /// Nil: none is written.
    public var digest: DigestSettings?
}

/// One letter a day.
public struct DigestSettings: Sendable, Equatable {
    /// Minutes from midnight.
    public var at: Int
    public var timeZone: ZoneName?
    /// Names of channels that exist and carry letters.
    public var channels: [String]
}

/// The name of a time zone that was not looked up yet, and where it stands.
public struct ZoneName: Sendable, Equatable {
    public var name: String
    public var line: Int
    public var key: String
}

/// The hours of the week that count.
public struct ActiveHoursSettings: Sendable, Equatable {
    /// Minutes from midnight.
    public var from: Int
    public var to: Int
    /// 0 is Sunday.
    public var weekdays: Set<Int>
    public var timeZone: ZoneName?

    static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
}

public struct AlertRuleSettings: Sendable, Equatable {
    public var name: String
    public var line: Int
    public var trigger: Trigger
    public var runs: RunWindow?
    public var remind: Duration?
    public var severity: Severity
    public var runbook: String?
    /// Names of channels that exist.
    public var channels: [String]

    public enum Severity: String, Sendable, CaseIterable { case info, warning, critical }

    public enum Trigger: Sendable, Equatable {
        /// A figure of the report above a number, or above a share of another figure.
        case figure(String, above: Threshold, atLeast: Int?)
        /// Some of the ends that need a person: token, permission, validation_failed, held, books, settings, cannot_write.
        case ends([String])
        case noFileFor(Duration, within: ActiveHoursSettings?)
        case noSuccessFor(Duration)
        case unknownOlderThan(Duration)
        case tokenExpiresWithin(Duration)
        case apiVersionEndsWithin(Duration)
    }

    public enum Threshold: Sendable, Equatable {
        case number(Double)
        /// 0...1 of the other figure.
        case share(Double, of: String)
    }

    /// Opens when `bad` of the last `of` runs were bad, closes after `good` good ones in a row.
    public struct RunWindow: Sendable, Equatable {
        public var bad: Int
        public var of: Int
        public var good: Int
    }
}

public struct ChannelSettings: Sendable, Equatable {
    public var name: String
    public var line: Int
    public var kind: Kind
    /// The channel that is told when this one cannot be reached for `fallbackAfter`.
    public var fallback: String?
    public var fallbackAfter: Duration

    public enum Kind: Sendable, Equatable {
        case email(EmailSettings)
        case sns(topic: String)
        case webhook(url: String)

        /// A webhook takes one incident at a time.
        public var carriesLetters: Bool { if case .webhook = self { false } else { true } }
    }
}

public struct EmailSettings: Sendable, Equatable {
    /// `smtp://HOST:PORT` or `smtps://HOST:PORT`.
    public var smtp: String
    public var from: String
    public var to: [String]
    public var user: String?
    public var password: SecretReference?
    public var startTLS: StartTLS
    public var caFile: String?

    public enum StartTLS: String, Sendable, CaseIterable { case required, off }
}
