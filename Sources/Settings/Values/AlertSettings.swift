/// Who is told of what.
public struct AlertSettings: Sendable, Equatable {
    /// Whether the rules that ship are on.
    public var shipped: Bool
    /// The most messages an hour.
    public var hourlyCap: Int
    public var rules: [AlertRuleSettings]
    /// In the order of the file.
    public var channels: [ChannelSettings]
}

public struct AlertRuleSettings: Sendable, Equatable {
    public var name: String
    public var line: Int
    public var trigger: Trigger
    public var runs: RunWindow?
    public var remind: Duration?
    public var severity: Severity
    /// Names of channels that exist.
    public var channels: [String]

    public enum Severity: String, Sendable, CaseIterable { case info, warning, critical }

    public enum Trigger: Sendable, Equatable {
        /// A figure of the report above a number, or above a share of another figure.
        case figure(String, above: Threshold, atLeast: Int?)
        /// One of the ends that need a person: token, permission, validation_failed, held, books.
        case ends([String])
        case noFileFor(Duration)
        case noSuccessFor(Duration)
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

    public enum Kind: Sendable, Equatable {
        case email(EmailSettings)
        case sns(topic: String)
        case webhook(url: String)
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
    /// The channel that is told when this one cannot be reached for `fallbackAfter`.
    public var fallback: String?
    public var fallbackAfter: Duration

    public enum StartTLS: String, Sendable, CaseIterable { case required, off }
}
