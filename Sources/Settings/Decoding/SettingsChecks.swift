/// What no key can know by itself: words of other rooms, and keys against keys.
struct SettingsChecks {
    let vocabulary: SettingsVocabulary

    private static let severities = ["off", "info", "warn", "error", "hold", "file"]

    func check(_ settings: VitrineSettings, _ top: Section, _ problems: inout ProblemList) {
        for (pipeline, section) in zip(settings.pipelines, top.group("pipelines")) {
            checkRules(pipeline, section.section("validation"), &problems)
            checkColumns(pipeline, section, &problems)
            checkTranslations(pipeline.translate, section.section("translate"), &problems)
            checkGraphURL(pipeline, section.section("catalog"), &problems)
            checkFolders(pipeline, section, &problems)
            if pipeline.categoryFile != nil, section.has("category") {
                problems.add(
                    line: pipeline.categoryFileLine, key: section.key("category_file"), "stands beside `category` (line \(section.line(of: "category")))",
                    "keep one of the two: the file is the table")
            }
            checkLinks(pipeline, section.section("links"), &problems)
            checkQueue(pipeline, section, &problems)
        }
        checkShared(settings.pipelines, top.group("pipelines"), &problems)
        checkAlerts(settings.alerts, top.section("alerts"), &problems)
        checkListening(settings.telemetry.prometheus, top.section("telemetry").section("prometheus"), &problems)
    }

    /// What a shop sells, and what is wrong with it, is nobody's business beyond this machine.
    private func checkListening(_ prometheus: TelemetrySettings.Prometheus, _ section: Section, _ problems: inout ProblemList) {
        for (one, other) in [("user", "password"), ("password", "user")] where section.has(one) && prometheus.login == nil {
            guard section.text(one) != nil || section.secret(one) != nil else { continue }
            problems.add(line: section.line(of: one), key: section.key(one), "has no \(other) beside it", "add `\(other):`, or take it out")
        }
        let tls = section.section("tls")
        for (one, other) in [("certificate", "key"), ("key", "certificate")] where prometheus.tls == nil && tls.text(one) != nil {
            problems.add(line: tls.line(of: one), key: tls.key(one), "has no \(other) beside it", "add `\(other):`, or take it out")
        }
        guard let listen = prometheus.listen, let place = Endpoint("http://\(listen)"), !place.isLoopback else { return }
        guard prometheus.bearerToken == nil, prometheus.login == nil, !prometheus.isUnprotected else { return }
        problems.add(
            line: section.line(of: "listen"), key: section.key("listen"), "\(listen.quoted) lets everybody who reaches this machine look",
            "write 127.0.0.1 in place of the host, or add `bearer_token:` or `user:` and `password:`, or `unprotected: true` where the network is closed by other means")
    }

    private func checkQueue(_ pipeline: PipelineSettings, _ section: Section, _ problems: inout ProblemList) {
        guard let queue = pipeline.queue else { return }
        let (line, key) = (section.line(of: "watch"), section.key("watch.queue"))
        if Endpoint(queue) == nil {
            problems.add(
                line: line, key: key, "\(queue.quoted) is no URL",
                "write the queue's URL, such as https://sqs.eu-central-1.amazonaws.com/123456789012/catalog-files, not its name or ARN")
        }
        if !pipeline.landing.hasPrefix("s3://") {
            problems.add(line: line, key: key, "the landing zone is a folder, of which no queue is told", "write `watch: true`, or name a bucket as `landing`")
        }
    }

    private func checkRules(_ pipeline: PipelineSettings, _ section: Section, _ problems: inout ProblemList) {
        let line = section.line(of: "rules")
        for (rule, severity) in pipeline.validation.rules.sorted(by: { $0.key < $1.key }) {
            let key = "\(section.key("rules")).\(rule)"
            if !vocabulary.rules.isEmpty, !vocabulary.rules.contains(rule) {
                problems.add(line: line, key: key, "\(rule.quoted) is no rule", known(rule, vocabulary.rules, "docs/reference lists all rules"))
            }
            if !Self.severities.contains(severity) {
                problems.add(line: line, key: key, "\(severity.quoted) is no severity", "write one of: \(Self.severities.joined(separator: ", "))")
            }
        }
    }

    private func checkColumns(_ pipeline: PipelineSettings, _ section: Section, _ problems: inout ProblemList) {
        let line = section.line(of: "columns")
        for ours in pipeline.columns.keys.sorted() where !vocabulary.columns.isEmpty && !vocabulary.columns.contains(ours) {
            problems.add(
                line: line, key: section.key("columns"), "\(ours.quoted) is no column of ours",
                known(ours, vocabulary.columns, "write our name first, then yours: {id: sku}"))
        }
        for (ours, template) in pipeline.columns.sorted(by: { $0.key < $1.key }) where !Self.hasBracesInPairs(template) {
            problems.add(
                line: line, key: "\(section.key("columns")).\(ours)", "\(template.quoted) has a brace without its partner",
                "write your column names in braces: \"https://shop.example/p/{sku}\"")
        }
        if let id = pipeline.columns["id"], id.contains("{"), Self.hasBracesInPairs(id) {
            problems.add(line: line, key: "\(section.key("columns")).id", "an id is never made of other columns", "name the column that holds the shop's own id")
        }
        let theirs = Dictionary(grouping: pipeline.columns, by: \.value)
        for (name, uses) in theirs.sorted(by: { $0.key < $1.key }) where uses.count > 1 {
            problems.add(
                line: line, key: section.key("columns"), "\(name.quoted) stands for \(uses.map(\.key).sorted().joined(separator: " and "))",
                "give each of our columns one of your own")
        }
    }

    private func checkTranslations(_ tables: Translations, _ section: Section, _ problems: inout ProblemList) {
        let all = [("availability", tables.availability, Translations.availabilityWords), ("condition", tables.condition, Translations.conditionWords)]
        for (key, table, words) in all {
            for (theirs, ours) in table.sorted(by: { $0.key < $1.key }) where !words.contains(ours) {
                problems.add(
                    line: section.line(of: key), key: "\(section.key(key)).\(theirs)", "\(ours.quoted) is no word of Meta's",
                    known(ours, Set(words), "write one of: \(words.joined(separator: ", "))"))
            }
        }
    }

    /// Each `{` is followed by a name and its `}`.
    private static func hasBracesInPairs(_ template: String) -> Bool {
        var isOpen = false
        var name = 0
        for character in template {
            switch character {
            case "{":
                if isOpen { return false }
                isOpen = true
                name = 0
            case "}":
                if !isOpen || name == 0 { return false }
                isOpen = false
            default: name += 1
            }
        }
        return !isOpen
    }

    /// One `{id}`, and not in the host: an id must not say where a link leads.
    private func checkLinks(_ pipeline: PipelineSettings, _ section: Section, _ problems: inout ProblemList) {
        guard let template = pipeline.productAdmin else { return }
        let parts = template.split(separator: "{id}", omittingEmptySubsequences: false)
        let hasHost = parts[0].split(separator: "://", maxSplits: 1).last.map { $0.dropFirst().contains { "/?#".contains($0) } } ?? false
        guard parts.count != 2 || !hasHost else { return }
        problems.add(
            line: section.line(of: "product_admin"), key: section.key("product_admin"), "has not one {id} behind its host",
            "write one such as https://admin.shop.example/products/{id}")
    }

    /// A token must not cross a network in the clear.
    private func checkGraphURL(_ pipeline: PipelineSettings, _ section: Section, _ problems: inout ProblemList) {
        guard let url = Endpoint(pipeline.catalog.graphURL), url.scheme == "http", !url.isLoopback else { return }
        problems.add(
            line: section.line(of: "graph_url"), key: section.key("graph_url"), "is plain http to another machine",
            "write https://; plain http goes to localhost, 127.0.0.1 and [::1] only")
    }

    private func checkFolders(_ pipeline: PipelineSettings, _ section: Section, _ problems: inout ProblemList) {
        guard !pipeline.landing.isEmpty, FolderPath.normal(pipeline.landing) == FolderPath.normal(pipeline.synced) else { return }
        problems.add(line: section.line(of: "synced"), key: section.key("synced"), "is the landing zone itself", "name another folder")
    }

    private func checkShared(_ pipelines: [PipelineSettings], _ sections: [Section], _ problems: inout ProblemList) {
        var landings: [String: PipelineSettings] = [:]
        var catalogues: [String: PipelineSettings] = [:]
        var queues: [String: PipelineSettings] = [:]
        for (pipeline, section) in zip(pipelines, sections) {
            let landing = FolderPath.normal(pipeline.landing)
            if !pipeline.landing.isEmpty, let other = landings.updateValue(pipeline, forKey: landing) {
                problems.add(
                    line: section.line(of: "landing"), key: section.key("landing"),
                    "is also the landing zone of \(other.name) (line \(other.line))", "give each pipeline a landing zone of its own")
            }
            if let queue = pipeline.queue, let other = queues.updateValue(pipeline, forKey: queue) {
                problems.add(
                    line: section.line(of: "watch"), key: section.key("watch.queue"), "is also the queue of \(other.name) (line \(other.line))",
                    "give each pipeline a queue of its own: a message is taken by one reader only")
            }
            if !pipeline.catalog.id.isEmpty, let other = catalogues.updateValue(pipeline, forKey: pipeline.catalog.id) {
                problems.add(
                    line: pipeline.catalog.line, key: section.section("catalog").key("id"),
                    "is also the catalogue of \(other.name) (line \(other.catalog.line))", "give each pipeline a catalogue of its own")
            }
        }
    }

    private func checkAlerts(_ alerts: AlertSettings, _ section: Section, _ problems: inout ProblemList) {
        let channels = Set(section.group("channels").map(\.name))
        var names: Set<String> = []
        for rule in section.group("rules") {
            if let name = rule.text("name"), !names.insert(name).inserted {
                problems.add(line: rule.line(of: "name"), key: rule.key("name"), "\(name.quoted) names two rules", "give each rule a name of its own")
            }
            for channel in rule.texts("channels") where !channels.contains(channel) {
                problems.add(
                    line: rule.line(of: "channels"), key: rule.key("channels"), "there is no channel \(channel.quoted)",
                    known(channel, channels, "add it under alerts.channels"))
            }
            for key in ["figure", "of"] {
                guard let figure = rule.text(key), !vocabulary.figures.isEmpty, !vocabulary.figures.contains(figure) else { continue }
                problems.add(
                    line: rule.line(of: key), key: rule.key(key), "\(figure.quoted) is no figure of the report",
                    known(figure, vocabulary.figures, "write one of: \(vocabulary.figures.sorted().joined(separator: ", "))"))
            }
            checkWindow(rule, &problems)
        }
        checkDigest(alerts, section.section("digest"), &problems)
        for channel in section.group("channels") {
            guard let fallback = channel.text("fallback"), fallback == channel.name || !channels.contains(fallback) else { continue }
            problems.add(
                line: channel.line(of: "fallback"), key: channel.key("fallback"), "there is no other channel \(fallback.quoted)",
                known(fallback, channels.subtracting([channel.name]), "add it under alerts.channels"))
        }
    }

    private func checkDigest(_ alerts: AlertSettings, _ section: Section, _ problems: inout ProblemList) {
        guard let digest = alerts.digest else { return }
        let names = Set(alerts.channels.map(\.name))
        for name in digest.channels {
            let key = section.key("channels"), line = section.line(of: "channels")
            guard let channel = alerts.channels.first(where: { $0.name == name }) else {
                problems.add(line: line, key: key, "there is no channel \(name.quoted)", known(name, names, "add it under alerts.channels"))
                continue
            }
            if case .webhook = channel.kind {
                problems.add(line: line, key: key, "\(name.quoted) is a webhook, which carries no letter", "name a channel of kind email or sns")
            }
        }
    }

    private func checkWindow(_ rule: Section, _ problems: inout ProblemList) {
        let window = rule.section("runs")
        guard rule.has("runs"), let bad = window.integer("bad"), let of = window.integer("of"), bad > of else { return }
        problems.add(line: window.line, key: window.path, "\(bad) of \(of) runs can never be bad", "write `bad` no larger than `of`")
    }

    private func known(_ word: String, _ words: Set<String>, _ otherwise: String) -> String {
        Spelling.nearest(to: word, in: words.sorted()).map { "did you mean \($0)?" } ?? otherwise
    }
}

/// Two spellings of one folder made one. Only the text is looked at: links are not followed.
enum FolderPath {
    static func normal(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }
}
