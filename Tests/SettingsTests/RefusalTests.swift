import Settings
import Testing

@Suite struct RefusalTests {
    /// What is added to the least settings (their last line is 7), where the fault is, and a word its text must hold.
    static let faults: [(more: String, line: Int, key: String, says: String)] = [
        ("    deliverey: {}", 8, "pipelines.shop", "did you mean delivery?"),
        ("    batch_size: 5", 8, "pipelines.shop", "did you mean pipelines.*.delivery.batch_size?"),
        ("    zzz: 5", 8, "pipelines.shop", "no key of ours"),
        ("    delivery:\n      batch_size: 5001", 9, "pipelines.shop.delivery.batch_size", "1 to 5000"),
        ("    delivery:\n      batch_size: 0", 9, "pipelines.shop.delivery.batch_size", "1 to 5000"),
        ("    delivery: {batch_size: many}", 8, "pipelines.shop.delivery.batch_size", "no whole number"),
        ("    delivery: {batch_size: 99999999999999999999}", 8, "pipelines.shop.delivery.batch_size", "no whole number"),
        ("    delivery: {batch_size: [1, 2]}", 8, "pipelines.shop.delivery.batch_size", "more than one value"),
        ("    delivery: fast", 8, "pipelines.shop.delivery", "shape"),
        ("    delivery: {poll_interval: 2}", 8, "pipelines.shop.delivery.poll_interval", "100ms, 2s, 30m"),
        ("    delivery: {poll_interval: 2 s}", 8, "pipelines.shop.delivery.poll_interval", "no duration"),
        ("    delivery: {poll_interval: 99999999999d}", 8, "pipelines.shop.delivery.poll_interval", "no duration"),
        ("    delivery: {poll_interval: 1d}", 8, "pipelines.shop.delivery.poll_interval", "10ms to 1h"),
        ("    delivery: {body: xml}", 8, "pipelines.shop.delivery.body", "json, form"),
        ("    watch: maybe", 8, "pipelines.shop.watch", "true or false"),
        ("    schedule: hourly", 8, "pipelines.shop.schedule", "1 fields, not 5"),
        ("    schedule: \"61 * * * *\"", 8, "pipelines.shop.schedule", "0 to 59"),
        ("    kind: ads", 8, "pipelines.shop.kind", "catalog-sync"),
        ("    validation: {max_rejected_share: 2}", 8, "pipelines.shop.validation.max_rejected_share", "no share"),
        ("    validation: {max_rejected_share: nan}", 8, "pipelines.shop.validation.max_rejected_share", "no share"),
        ("    validation: {rules: {T3: off}}", 8, "pipelines.shop.validation.rules.T3", "did you mean T03?"),
        ("    validation: {rules: {T03: on}}", 8, "pipelines.shop.validation.rules.T03", "no severity"),
        ("    validation: {rules: [T03]}", 8, "pipelines.shop.validation.rules", "no keys"),
        ("    validation: {price_limit: -1}", 8, "pipelines.shop.validation.price_limit", "no number"),
        ("    columns: {titel: name}", 8, "pipelines.shop.columns", "did you mean title?"),
        ("    columns: {id: name, title: name}", 8, "pipelines.shop.columns", "id and title"),
        ("    columns: {id: \"{sku\"}", 8, "pipelines.shop.columns.id", "brace"),
        ("    columns: {id: \"{sku}-{size}\"}", 8, "pipelines.shop.columns.id", "never made"),
        ("    columns: {id: \"a}{b\"}", 8, "pipelines.shop.columns.id", "brace"),
        ("    translate: {availability: {da: in stok}}", 8, "pipelines.shop.translate.availability.da", "did you mean in stock?"),
        ("    translate:\n      condition: {neu: shiny}", 9, "pipelines.shop.translate.condition.neu", "new, refurbished, used"),
        ("    delimiter: \":\"", 8, "pipelines.shop.delimiter", "write one of"),
        ("    validation: {ids_per_link: 0}", 8, "pipelines.shop.validation.ids_per_link", "1 to 1000000"),
        ("    category: {a: b}\n    category_file: ./c.csv", 9, "pipelines.shop.category_file", "keep one of the two"),
        ("    validation: {max_price_move: 3}", 8, "pipelines.shop.validation.max_price_move", "no share"),
        ("    category: guess", 8, "pipelines.shop.category", "as_is, auto"),
        ("    defaults: {currency: dinar}", 8, "pipelines.shop.defaults.currency", "IQD"),
        ("    dead_man: hc.example", 8, "pipelines.shop.dead_man", "URL"),
        ("alerts: {rules: [{name: a, channels: []}]}", 8, "alerts.rules[0]", "exactly one of"),
        ("alerts: {rules: [{name: a, ends: [held], no_file_for: 1h, channels: []}]}", 8, "alerts.rules[0]", "exactly one of"),
        ("alerts: {rules: [{name: a, ends: [heldd], channels: []}]}", 8, "alerts.rules[0].ends", "did you mean held?"),
        ("alerts: {rules: [{name: a, ends: [held], above: 1, channels: []}]}", 8, "alerts.rules[0].above", "belongs to a figure"),
        ("alerts: {rules: [{name: a, figure: handle_errors, channels: []}]}", 8, "alerts.rules[0].above", "missing"),
        ("alerts: {rules: [{name: a, figure: handle_errors, above: 5%, channels: []}]}", 8, "alerts.rules[0].above", "add `of:`"),
        ("alerts: {rules: [{name: a, figure: handle_errors, of: items_sent, above: 5, channels: []}]}", 8, "alerts.rules[0].above", "no share"),
        ("alerts: {rules: [{name: a, figure: handle_error, above: 0, channels: []}]}", 8, "alerts.rules[0].figure", "did you mean handle_errors?"),
        ("alerts: {rules: [{name: a, no_file_for: 1h, channels: [ops]}]}", 8, "alerts.rules[0].channels", "no channel"),
        ("alerts: {rules: [{name: a, no_file_for: 1h, runs: {bad: 3, of: 2}, channels: []}]}", 8, "alerts.rules[0].runs", "3 of 2"),
        ("alerts: {rules: [{no_file_for: 1h, channels: []}]}", 8, "alerts.rules[0].name", "missing"),
        ("alerts: {channels: {ops: {kind: email, from: a, to: b}}}", 8, "alerts.channels.ops.smtp", "missing"),
        ("alerts: {channels: {ops: {kind: sns, topic: a, url: \"http://x\"}}}", 8, "alerts.channels.ops.url", "does not belong"),
        ("alerts: {channels: {ops: {kind: pigeon}}}", 8, "alerts.channels.ops.kind", "email, sns, webhook"),
        ("alerts: {channels: {ops: {kind: email, smtp: \"smtp://h\", from: a, to: b, fallback: ops}}}", 8, "alerts.channels.ops.fallback", "no other channel"),
        ("alerts: {channels: {hook: {kind: webhook, url: \"http://h\", fallback: pager}}}", 8, "alerts.channels.hook.fallback", "no other channel"),
        ("alerts: {rules: [{name: a, no_success_for: 1h, active_hours: {}, channels: []}]}", 8, "alerts.rules[0].active_hours", "belongs to `no_file_for`"),
        ("alerts: {rules: [{name: a, no_file_for: 1h, active_hours: {from: 9, to: \"22:00\"}, channels: []}]}", 8, "alerts.rules[0].active_hours.from", "no time"),
        ("alerts: {rules: [{name: a, no_file_for: 1h, active_hours: {days: [friday]}, channels: []}]}", 8, "alerts.rules[0].active_hours.days", "fri"),
        ("alerts: {rules: [{name: a, unknown_older_than: 26, channels: []}]}", 8, "alerts.rules[0].unknown_older_than", "no duration"),
        ("alerts: {rules: [{name: a, token_expires_within: 14d, runbook: wiki, channels: []}]}", 8, "alerts.rules[0].runbook", "URL"),
        ("alerts: {digest: {channels: [ops]}}", 8, "alerts.digest.channels", "no channel"),
        ("alerts: {digest: {at: \"25:00\", channels: []}}", 8, "alerts.digest.at", "no time of the day"),
        ("alerts: {digest: {at: \"09:00\"}}", 8, "alerts.digest.channels", "missing"),
        ("alerts: {channels: {hook: {kind: webhook, url: \"http://h\"}}, digest: {channels: [hook]}}", 8, "alerts.digest.channels", "carries no letter"),
        ("telemetry: {prometheus: {listen: \"0.0.0.0:9464\"}}", 8, "telemetry.prometheus.listen", "bearer_token"),
        ("telemetry:\n  prometheus:\n    listen: \"[::]:9464\"", 10, "telemetry.prometheus.listen", "127.0.0.1"),
        ("telemetry: {prometheus: {listen: \"127.0.0.1.evil.example:9464\"}}", 8, "telemetry.prometheus.listen", "unprotected"),
        ("telemetry: {prometheus: {listen: \"shop.example:9464\", unprotected: false}}", 8, "telemetry.prometheus.listen", "everybody"),
        ("telemetry: {prometheus: {user: ana}}", 8, "telemetry.prometheus.user", "no password"),
        ("telemetry: {prometheus: {password: env:PASSWORD}}", 8, "telemetry.prometheus.password", "no user"),
        ("telemetry: {prometheus: {bearer_token: hunter2}}", 8, "telemetry.prometheus.bearer_token", "env:NAME or file:PATH"),
        ("telemetry: {logs: {level: loud}}", 8, "telemetry.logs.level", "debug, info"),
        ("telemetry: {logs: {rotate: {size: 1}}}", 8, "telemetry.logs.rotate.size", "out of range"),
        ("telemetry: {logs: {rotate: {size: big}}}", 8, "telemetry.logs.rotate.size", "100MB"),
        ("telemetry: {prometheus: {listen: here}}", 8, "telemetry.prometheus.listen", "HOST:PORT"),
        ("state: s3://Bucket/state", 8, "state", "is no bucket"),
        ("    watch: {queue: \"https://sqs.eu-central-1.amazonaws.com/1/q\"}", 8, "pipelines.shop.watch.queue", "watch: true"),
        ("    watch: {que: \"https://sqs.eu-central-1.amazonaws.com/1/q\"}", 8, "pipelines.shop.watch", "{queue: …}"),
        ("    watch: sometimes", 8, "pipelines.shop.watch", "true or false"),
        ("pipeline: {}", 8, "", "did you mean pipelines?"),
    ]

    @Test("a fault is told with its line, its key and a remedy", arguments: faults.indices)
    func fault(index: Int) {
        let fault = Self.faults[index]
        let found = problems(adding: fault.more)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.line == fault.line && found.first?.key == fault.key && found.first?.file == "vitrine.yaml", "\(found)")
        #expect(found.first?.description.contains(fault.says) == true, "\(found)")
        #expect(found.first?.remedy.isEmpty == false)
    }

    /// One line of the least settings put another way.
    static let replaced: [(from: String, to: String, line: Int, key: String, says: String)] = [
        ("    landing: ./landing", "    watch: false", 2, "pipelines.shop.landing", "missing"),
        ("      access_token: env:TOKEN", "      graph_url: https://h/v26.0", 5, "pipelines.shop.catalog.access_token", "env:NAME"),
        ("access_token: env:TOKEN", "access_token:", 7, "pipelines.shop.catalog.access_token", "no value"),
        ("env:TOKEN", "hunter2hunter2", 7, "pipelines.shop.catalog.access_token", "environment variable"),
        ("env:TOKEN", "env:2 TOKENS", 7, "pipelines.shop.catalog.access_token", "env:"),
        ("env:TOKEN", "\"secretsmanager:\"", 7, "pipelines.shop.catalog.access_token", "what follows secretsmanager: is no name"),
        ("env:TOKEN", "ssm:two names", 7, "pipelines.shop.catalog.access_token", "what follows ssm: is no name"),
        ("\"123\"", "12a", 6, "pipelines.shop.catalog.id", "digits"),
        ("./landing", "s3://My_Bucket", 3, "pipelines.shop.landing", "is no bucket"),
        ("./landing", "s3://bucket/../other", 3, "pipelines.shop.landing", "is no bucket"),
        ("./synced", "s3://ab", 4, "pipelines.shop.synced", "is no bucket"),
        ("./landing", "ftp://x", 3, "pipelines.shop.landing", "no folder"),
        ("./synced", "landing/", 4, "pipelines.shop.synced", "landing zone itself"),
        ("landing: ./landing", "landing: ./landing\n    links: {product_admin: \"https://admin.shop.example/products\"}", 4, "pipelines.shop.links.product_admin", "one {id} behind its host"),
        ("landing: ./landing", "landing: ./landing\n    links: {product_admin: \"https://{id}.shop.example/\"}", 4, "pipelines.shop.links.product_admin", "one {id} behind its host"),
        ("landing: ./landing", "landing: ./landing\n    links: {product_admin: \"javascript:alert({id})\"}", 4, "pipelines.shop.links.product_admin", "no URL"),
        ("id: \"123\"", "id: \"123\"\n      graph_url: http://graph.example/v26.0", 7, "pipelines.shop.catalog.graph_url", "plain http"),
        ("id: \"123\"", "id: \"123\"\n      graph_url: http://127.0.0.1.evil.example/v26.0", 7, "pipelines.shop.catalog.graph_url", "plain http"),
        ("id: \"123\"", "id: \"123\"\n      graph_url: https://user:hunter2@h/v26.0", 7, "pipelines.shop.catalog.graph_url", "inside the URL"),
        ("shop:", "\"a/b\":", 2, "pipelines", "no name"),
        ("id: \"123\"", "id: \"123\"\n      id: \"124\"", 6, "", "twice"),
        ("  shop:", "  shop: [", 0, "", "no YAML"),
    ]

    @Test("a fault in what must be there is told too", arguments: replaced.indices)
    func replacedLine(index: Int) {
        let fault = Self.replaced[index]
        let found = problems(least.replacing(fault.from, with: fault.to))
        #expect(found.count == 1, "\(found)")
        #expect(fault.line == 0 || found.first?.line == fault.line, "\(found)")
        #expect(found.first?.key == fault.key && found.first?.description.contains(fault.says) == true, "\(found)")
        #expect(!found.description.contains("hunter2"))
    }

    @Test("a loopback address may be plain http", arguments: ["http://localhost:8080/v26.0", "http://127.0.0.1/v26.0", "http://[::1]:1/v26.0"])
    func loopback(url: String) {
        #expect(problems(least.replacing("id: \"123\"", with: "id: \"123\"\n      graph_url: \"\(url)\"")) == [])
    }

    @Test("an empty or strange file is refused", arguments: ["", "# only a comment\n", "just words", "- a\n- b", "~", "pipelines:", "pipelines: {}", "{}", "\u{0}", "a: b\n---\nc: d"])
    func strangeFile(yaml: String) { #expect(!problems(yaml).isEmpty) }

    @Test("two pipelines on one landing zone or one catalogue are told, with both lines")
    func shared() {
        let second = least.replacing("pipelines:\n", with: "").replacing("shop:", with: "shop2:").replacing("./landing", with: "landing/.")
        let found = problems(least + "\n" + second + "\n")
        #expect(found.map(\.key) == ["pipelines.shop2.landing", "pipelines.shop2.catalog.id"])
        #expect(found.map(\.line) == [9, 12])
        #expect(found.first?.message.contains("shop (line 2)") == true && found.last?.message.contains("shop (line 6)") == true)
    }

    @Test("all faults are told at once, in the order of the file")
    func collected() {
        let found = problems(adding: "    watch: maybe\n    zzz: 1\n    delivery: {batch_size: 0, body: xml}\nstat: x")
        #expect(found.map(\.line) == [8, 9, 10, 10, 11])
    }

    @Test("there is an end to what is told")
    func bounded() {
        let many = (0..<200).map { "    z\($0): 1" }.joined(separator: "\n")
        do throws(SettingsProblems) {
            _ = try settings(many)
            Issue.record("not refused")
        } catch {
            #expect(error.errors.count == SettingsProblems.limit && error.isCut)
        }
    }
}
