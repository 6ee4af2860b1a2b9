extension AlertSettings {
    init(_ section: Section, _ problems: inout ProblemList) {
        shipped = section.flag("shipped")
        hourlyCap = section.integer("hourly_cap") ?? 1
        rules = []
        for rule in section.group("rules") {
            if let trigger = AlertRuleSettings.Trigger(rule, &problems) { rules.append(AlertRuleSettings(rule, trigger)) }
        }
        channels = []
        for channel in section.group("channels") {
            if let kind = ChannelSettings.Kind(channel, &problems) {
                channels.append(
                    ChannelSettings(
                        name: channel.name, line: channel.line, kind: kind, fallback: channel.text("fallback"),
                        fallbackAfter: channel.duration("fallback_after") ?? .zero))
            }
        }
        dashboard = section.text("dashboard")
        digest = section.has("digest") ? DigestSettings(section.section("digest")) : nil
    }
}

extension DigestSettings {
    fileprivate init(_ section: Section) {
        at = section.integer("at") ?? 0
        timeZone = ZoneName(section)
        channels = section.texts("channels")
    }
}

extension ZoneName {
    /// Of the key `time_zone`.
    fileprivate init?(_ section: Section) {
        guard let name = section.text("time_zone") else { return nil }
        self.init(name: name, line: section.line(of: "time_zone"), key: section.key("time_zone"))
    }
}

extension ActiveHoursSettings {
    fileprivate init(_ section: Section) {
        from = section.integer("from") ?? 0
        to = section.integer("to") ?? 1440
        let days = section.texts("days").compactMap(Self.dayNames.firstIndex)
        weekdays = Set(days.isEmpty ? Array(Self.dayNames.indices) : days)
        timeZone = ZoneName(section)
    }
}

extension AlertRuleSettings {
    fileprivate init(_ section: Section, _ trigger: Trigger) {
        name = section.text("name") ?? ""
        line = section.line
        self.trigger = trigger
        let window = section.section("runs")
        runs = section.has("runs")
            ? RunWindow(bad: window.integer("bad") ?? 1, of: window.integer("of") ?? 1, good: window.integer("good") ?? 1) : nil
        remind = section.duration("remind")
        severity = Severity(rawValue: section.text("severity") ?? "") ?? .warning
        runbook = section.text("runbook")
        channels = section.texts("channels")
    }
}

extension AlertRuleSettings.Trigger {
    private static let kinds = [
        "figure", "ends", "no_file_for", "no_success_for", "unknown_older_than", "token_expires_within", "api_version_ends_within",
    ]

    /// Nil, with the problem told, unless the rule has exactly one trigger and all it needs.
    fileprivate init?(_ section: Section, _ problems: inout ProblemList) {
        let present = Self.kinds.filter(section.has)
        guard present.count == 1 else {
            problems.add(
                line: section.line, key: section.path, present.isEmpty ? "has nothing to look at" : "looks at \(present.joined(separator: " and "))",
                "write exactly one of: \(Self.kinds.joined(separator: ", "))")
            return nil
        }
        for key in ["above", "of", "at_least"] where present != ["figure"] && section.has(key) {
            problems.add(line: section.line(of: key), key: section.key(key), "belongs to a figure", "take it out, or add `figure:`")
        }
        if present != ["no_file_for"], section.has("active_hours") {
            problems.add(line: section.line(of: "active_hours"), key: section.key("active_hours"), "belongs to `no_file_for`", "take it out")
        }
        let limit = section.duration(present[0]) ?? .zero
        switch present[0] {
        case "figure": self.init(figure: section, &problems)
        case "ends": self = .ends(section.texts("ends"))
        case "no_file_for":
            self = .noFileFor(limit, within: section.has("active_hours") ? ActiveHoursSettings(section.section("active_hours")) : nil)
        case "unknown_older_than": self = .unknownOlderThan(limit)
        case "token_expires_within": self = .tokenExpiresWithin(limit)
        case "api_version_ends_within": self = .apiVersionEndsWithin(limit)
        default: self = .noSuccessFor(limit)
        }
    }

    private init?(figure section: Section, _ problems: inout ProblemList) {
        let above: AlertRuleSettings.Threshold
        switch (section.text("of"), section.decimal("above"), section.share("above")) {
        case (nil, let number?, _): above = .number(number)
        case (let of?, _, let share?): above = .share(share, of: of)
        case (let of?, let number?, _) where number <= 1: above = .share(number, of: of)
        case (.some, .some, _):
            problems.add(line: section.line(of: "above"), key: section.key("above"), "is no share", "write 0.05 or 5%, since `of` is given")
            return nil
        case (nil, _, .some):
            problems.add(line: section.line(of: "above"), key: section.key("above"), "is a share of nothing", "add `of:`, such as `of: items_sent`")
            return nil
        default:
            if !section.has("above") {
                problems.add(line: section.line, key: section.key("above"), "is missing", "add `above: 0`, or a share and `of:`")
            }
            return nil
        }
        self = .figure(section.text("figure") ?? "", above: above, atLeast: section.integer("at_least"))
    }
}

extension ChannelSettings.Kind {
    private static let keys = [
        "email": ["smtp", "from", "to", "user", "password", "starttls", "ca_file"], "sns": ["topic"], "webhook": ["url"],
    ]
    private static let needed = ["email": ["smtp", "from", "to"], "sns": ["topic"], "webhook": ["url"]]

    /// Nil, with the problem told, where the kind is unknown or lacks something.
    fileprivate init?(_ section: Section, _ problems: inout ProblemList) {
        guard let kind = section.text("kind"), let own = Self.keys[kind], let needed = Self.needed[kind] else { return nil }
        for key in Self.keys.values.joined() where section.has(key) && !own.contains(key) {
            problems.add(line: section.line(of: key), key: section.key(key), "does not belong to kind \(kind)", "take it out")
        }
        for key in needed where !section.has(key) || section.values[key] == .nothing {
            problems.add(line: section.line, key: section.key(key), "is missing", "kind \(kind) needs \(needed.joined(separator: ", "))")
        }
        switch kind {
        case "email": self = .email(EmailSettings(section))
        case "sns": self = .sns(topic: section.text("topic") ?? "")
        default: self = .webhook(url: section.text("url") ?? "")
        }
    }
}

extension EmailSettings {
    fileprivate init(_ section: Section) {
        smtp = section.text("smtp") ?? ""
        from = section.text("from") ?? ""
        to = section.texts("to")
        user = section.text("user")
        password = section.secret("password")
        startTLS = StartTLS(rawValue: section.text("starttls") ?? "") ?? .required
        caFile = section.text("ca_file")
    }
}
