@testable import Settings
import Testing

@Suite struct DecodingTests {
    @Test("the least settings are filled up with the defaults of the reference page")
    func defaults() throws {
        let settings = try settings()
        let shop = try #require(settings.pipelines.first)
        #expect(shop.name == "shop" && shop.line == 2 && shop.kind == .catalogSync)
        #expect(shop.landing == "./landing" && shop.synced == "./synced" && shop.schedule == nil && !shop.watch)
        #expect(shop.watchInterval == .seconds(30) && shop.retention == .seconds(30 * 86_400) && shop.history == .seconds(400 * 86_400))
        #expect(shop.lease == .seconds(120) && shop.stageGrace == .seconds(3_600) && shop.deadMan == nil)
        #expect(shop.columns == [:] && shop.defaults == ColumnDefaults() && shop.versionColumn == nil)
        #expect(shop.category == .asIs && shop.numberFormat == .auto)
        #expect(shop.delimiter == .comma && shop.delimiter.byte == 0x2C && shop.translate == Translations() && shop.catalog.currency == nil)
        #expect(shop.catalog.id == "123" && shop.catalog.line == 6 && shop.catalog.graphURL == "https://graph.facebook.com/v26.0")
        #expect(shop.catalog.accessToken.source == .environment("TOKEN") && shop.catalog.appSecret == nil)
        #expect(
            shop.validation
                == ValidationSettings(strict: false, maxRejectedShare: 0.2, rejectedFloor: 20, maxPriceMove: 0.6, rules: [:], priceLimit: nil, allowedHosts: []))
        #expect(
            shop.delivery
                == DeliverySettings(
                    batchSize: 3_000, maxInFlight: 1, pollInterval: .seconds(2), pollDeadline: .seconds(1_800), skipUnchanged: true,
                    requestTimeout: .seconds(120), throttleFloor: .seconds(60), patience: .seconds(900), body: .json))
        #expect(settings.alerts == AlertSettings(shipped: true, hourlyCap: 20, rules: [], channels: []))
        #expect(settings.telemetry.logs == .init(file: nil, level: "info", rotateSize: 100_000_000, rotateAge: .seconds(86_400), rotateKeep: .seconds(30 * 86_400)))
        #expect(settings.telemetry.prometheus == .init(listen: "127.0.0.1:9464", isUnprotected: false, textfile: nil, pushgateway: nil))
        #expect(settings.telemetry.cloudWatch == .init(namespace: "Vitrine", enabled: false, logGroup: nil, logRetention: .seconds(30 * 86_400)))
        #expect(settings.telemetry.otlp.endpoint == nil && settings.aws.region == nil && settings.state == "./state")
    }

    @Test("the example is read without a fault, and what is written in it is what would be without it")
    func example() throws {
        let example = try VitrineSettings(yaml: exampleSettings, file: "vitrine.example.yaml", vocabulary: vocabulary)
        let shop = try #require(example.pipelines.first)
        var plain = try #require(try settings().pipelines.first)
        plain.name = shop.name
        plain.line = shop.line
        plain.landing = shop.landing
        plain.synced = shop.synced
        plain.schedule = shop.schedule
        plain.columns = shop.columns
        plain.categoryFileLine = shop.categoryFileLine
        plain.catalog.id = shop.catalog.id
        plain.catalog.line = shop.catalog.line
        plain.catalog.accessToken = shop.catalog.accessToken
        #expect(shop == plain)
        #expect(example.alerts.rules.count == 9 && example.alerts.channels.map(\.name) == ["ops", "pager", "hook"])
        #expect(example.telemetry.logs.file == "./logs/vitrine.ndjson")
    }

    @Test("everything a pipeline can say is understood")
    func full() throws {
        let yaml = """
            pipelines:
              shop-1:
                landing: in
                synced: out
                schedule: "*/15 6-22 * * mon-fri"
                watch: yes
                watch_interval: 5s
                retention: 7d
                lease: 90s
                dead_man: https://hc.example/ping/1
                columns: {id: sku, title: title_ar, price: "{price} IQD"}
                delimiter: tab
                translate: {availability: {متوفر: in stock}, condition: {"like new": used}}
                defaults: {brand: Vitrine, currency: IQD, condition: new}
                version_column: updated_at
                category: {Shoes: "Apparel & Accessories > Shoes"}
                number_format: dot_thousands
                catalog: {id: 42, currency: IQD, graph_url: "http://127.0.0.1:8080/v26.0/", access_token: "file:/run/token", app_secret: env:S}
                validation: {strict: on, max_rejected_share: 5%, rejected_floor: 0, rules: {T03: off, L05: error}, price_limit: 5000000, allowed_hosts: Shop.example, ids_per_link: 2, ids_per_picture: 50, free_decimals: iqd}
                delivery: {batch_size: 5000, poll_interval: 100ms, skip_unchanged: off, body: form}
            telemetry:
              logs: {level: debug, rotate: {size: 5MiB}}
              prometheus: {listen: null}
            """
        let settings = try VitrineSettings(yaml: yaml, file: "v.yaml", vocabulary: vocabulary)
        let shop = try #require(settings.pipelines.first)
        #expect(shop.schedule?.description == "*/15 6-22 * * mon-fri" && shop.watch && shop.watchInterval == .seconds(5))
        #expect(shop.retention == .seconds(7 * 86_400) && shop.lease == .seconds(90) && shop.deadMan == "https://hc.example/ping/1")
        #expect(shop.columns == ["id": "sku", "title": "title_ar", "price": "{price} IQD"])
        #expect(shop.delimiter.byte == 0x09 && shop.catalog.currency == "IQD")
        #expect(shop.translate == Translations(availability: ["متوفر": "in stock"], condition: ["like new": "used"]))
        #expect(shop.validation.idsPerLink == 2 && shop.validation.idsPerPicture == 50 && shop.validation.freeDecimals == ["IQD"])
        #expect(shop.defaults == ColumnDefaults(brand: "Vitrine", currency: "IQD", condition: "new"))
        #expect(shop.versionColumn == "updated_at" && shop.category == .table(["Shoes": "Apparel & Accessories > Shoes"]))
        #expect(shop.numberFormat == .dotThousands && shop.catalog.id == "42" && shop.catalog.graphURL == "http://127.0.0.1:8080/v26.0")
        #expect(shop.catalog.accessToken.source == .file("/run/token") && shop.catalog.appSecret?.source == .environment("S"))
        #expect(shop.validation.strict && shop.validation.maxRejectedShare == 0.05 && shop.validation.rejectedFloor == 0)
        #expect(shop.validation.rules == ["T03": "off", "L05": "error"])
        #expect(shop.validation.priceLimit == 5_000_000 && shop.validation.allowedHosts == ["shop.example"])
        #expect(shop.delivery.batchSize == 5_000 && shop.delivery.pollInterval == .milliseconds(100))
        #expect(!shop.delivery.skipUnchanged && shop.delivery.body == .form)
        #expect(settings.telemetry.logs.level == "debug" && settings.telemetry.logs.rotateSize == 5 << 20)
        #expect(settings.telemetry.prometheus.listen == nil)
    }

    @Test("a rule is off however YAML spells it", arguments: ["off", "OFF", "false", "\"off\"", "no"])
    func off(word: String) throws {
        let shop = try #require(try settings("    validation: {rules: {T03: \(word)}}").pipelines.first)
        #expect(shop.validation.rules == ["T03": "off"])
    }

    @Test("alert rules and channels become typed values")
    func alerts() throws {
        let alerts = try settings(
            """
            alerts:
              shipped: off
              hourly_cap: 5
              rules:
                - {name: a, figure: handle_errors, above: 0, channels: ops}
                - {name: b, figure: items_refused, of: items_sent, above: 5%, at_least: 20, severity: critical, channels: [ops, pager]}
                - {name: c, ends: [held, books], runs: {bad: 2, of: 3, good: 2}, remind: 12h, channels: [hook]}
                - {name: d, no_file_for: 6h, channels: [hook]}
                - {name: e, figure: items_refused, of: items_sent, above: 0.1, channels: [hook]}
              channels:
                ops: {kind: email, smtp: "smtp://127.0.0.1:2525", from: a@b.c, to: d@e.f, user: u, password: env:P, starttls: off, fallback: hook, fallback_after: 5m}
                pager: {kind: sns, topic: "arn:aws:sns:eu-central-1:123456789012:catalog"}
                hook: {kind: webhook, url: "http://alerts.local/x"}
            """
        ).alerts
        #expect(!alerts.shipped && alerts.hourlyCap == 5)
        #expect(
            alerts.rules.map(\.trigger) == [
                .figure("handle_errors", above: .number(0), atLeast: nil), .figure("items_refused", above: .share(0.05, of: "items_sent"), atLeast: 20),
                .ends(["held", "books"]), .noFileFor(.seconds(6 * 3_600), within: nil), .figure("items_refused", above: .share(0.1, of: "items_sent"), atLeast: nil),
            ])
        #expect(alerts.rules[0].severity == .warning && alerts.rules[0].channels == ["ops"] && alerts.rules[0].runs == nil)
        #expect(alerts.rules[1].severity == .critical && alerts.rules[1].channels == ["ops", "pager"])
        #expect(alerts.rules[2].runs == .init(bad: 2, of: 3, good: 2) && alerts.rules[2].remind == .seconds(12 * 3_600))
        guard case .email(let mail) = alerts.channels[0].kind else {
            Issue.record("no email")
            return
        }
        #expect(mail.smtp == "smtp://127.0.0.1:2525" && mail.to == ["d@e.f"] && mail.user == "u" && mail.startTLS == .off)
        #expect(mail.password?.source == .environment("P") && alerts.channels[0].fallback == "hook" && alerts.channels[0].fallbackAfter == .seconds(300))
        #expect(alerts.channels[1].kind == .sns(topic: "arn:aws:sns:eu-central-1:123456789012:catalog"))
        #expect(alerts.channels[2].kind == .webhook(url: "http://alerts.local/x"))
    }
}
