import Events

/// What a setting may hold.
enum SettingType: Sendable, Equatable {
    /// Keys of its own, declared below it.
    case section
    /// Names of the user's choice, each with a section.
    case named
    /// A list of sections.
    case list
    case text
    /// Letters, digits, `.`, `_` and `-`; the user's name for something.
    case name
    case digits
    case currency
    /// A folder or `s3://BUCKET/PREFIX`.
    case store
    case url(schemes: [String])
    case address
    case flag
    case integer(ClosedRange<Int>)
    case decimal
    case duration(ClosedRange<Duration>)
    case size(ClosedRange<Int>)
    case share
    case threshold
    case cron
    /// A day, `2026-12-31`.
    case date
    /// A time on the wall, `09:00` to `24:00`; minutes from midnight.
    case time
    case secret
    case choice([String])
    /// One text or a list of them.
    case texts
    case choices([String])
    /// The user's keys, each with a text.
    case pairs
    case choiceOrPairs([String])
    /// Yes, no, or some of these keys, each with a text.
    case flagOrPairs(keys: [String])

    var isContainer: Bool { self == .section || self == .named || self == .list }
}

/// What a setting was found to hold.
enum SettingValue: Sendable, Equatable {
    /// `null`: nothing, on purpose.
    case nothing
    case text(String)
    case integer(Int)
    case decimal(Double)
    case flag(Bool)
    case duration(Duration)
    case moment(Timestamp)
    case share(Double)
    case cron(CronExpression)
    case secret(SecretReference)
    case texts([String])
    case pairs([String: String])
}
