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
                channels.append(ChannelSettings(name: channel.name, line: channel.line, kind: kind))
            }
        }
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
        channels = section.texts("channels")
    }
}

extension AlertRuleSettings.Trigger {
    private static let kinds = ["figure", "ends", "no_file_for", "no_success_for"]

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
        switch present[0] {
        case "figure": self.init(figure: section, &problems)
        case "ends": self = .ends(section.texts("ends"))
        case "no_file_for": self = .noFileFor(section.duration("no_file_for") ?? .zero)
        default: self = .noSuccessFor(section.duration("no_success_for") ?? .zero)
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
        "email": ["smtp", "from", "to", "user", "password", "starttls", "ca_file", "fallback", "fallback_after"],
        "sns": ["topic"], "webhook": ["url"],
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
        fallback = section.text("fallback")
        fallbackAfter = section.duration("fallback_after") ?? .zero
    }
}
