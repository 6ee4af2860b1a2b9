/// From sections to values. Where a value is missing or wrong the problem is told already, and what stands in here is never used: the
/// settings as a whole are refused.
extension PipelineSettings {
    init(_ section: Section) {
        name = section.name
        line = section.line
        kind = Kind(rawValue: section.text("kind") ?? "") ?? .catalogSync
        landing = section.text("landing") ?? ""
        synced = section.text("synced") ?? ""
        schedule = section.cron("schedule")
        queue = section.pairs("watch")?["queue"]
        watch = queue != nil || section.flag("watch")
        watchInterval = section.duration("watch_interval") ?? .zero
        retention = section.duration("retention") ?? .zero
        history = section.duration("history") ?? .zero
        lease = section.duration("lease") ?? .zero
        stageGrace = section.duration("stage_grace") ?? .zero
        deadMan = section.text("dead_man")
        productAdmin = section.section("links").text("product_admin")
        columns = section.pairs("columns") ?? [:]
        defaults = ColumnDefaults(section.section("defaults"))
        versionColumn = section.text("version_column")
        category = section.pairs("category").map(Category.table) ?? (section.text("category") == "auto" ? .auto : .asIs)
        categoryFile = section.text("category_file")
        categoryFileLine = categoryFile == nil ? 0 : section.line(of: "category_file")
        numberFormat = NumberFormat(rawValue: section.text("number_format") ?? "") ?? .auto
        delimiter = Delimiter(rawValue: section.text("delimiter") ?? "") ?? .comma
        translate = Translations(section.section("translate"))
        catalog = CatalogSettings(section.section("catalog"))
        validation = ValidationSettings(section.section("validation"))
        guards = GuardSettings(section.section("guards"))
        delivery = DeliverySettings(section.section("delivery"))
    }
}

extension ColumnDefaults {
    init(_ section: Section) {
        brand = section.text("brand")
        currency = section.text("currency")
        condition = section.text("condition")
    }
}

extension Translations {
    init(_ section: Section) {
        availability = section.pairs("availability") ?? [:]
        condition = section.pairs("condition") ?? [:]
    }
}

extension CatalogSettings {
    init(_ section: Section) {
        id = section.text("id") ?? ""
        line = section.line(of: "id")
        graphURL = section.text("graph_url").map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } ?? ""
        accessToken = section.secret("access_token") ?? SecretReference(source: .environment(""), file: "", line: section.line, key: "")
        appSecret = section.secret("app_secret")
        tokenExpires = section.moment("token_expires")
        apiVersionEnds = section.moment("api_version_ends")
        currency = section.text("currency")
    }
}

extension ValidationSettings {
    init(_ section: Section) {
        strict = section.flag("strict")
        maxRejectedShare = section.share("max_rejected_share") ?? 0
        rejectedFloor = section.integer("rejected_floor") ?? 0
        maxPriceMove = section.share("max_price_move") ?? 0
        // YAML 1.1 takes a bare `off` for a boolean, and an editor may write it as one.
        rules = (section.pairs("rules") ?? [:]).mapValues { ["off", "false", "no"].contains($0.lowercased()) ? "off" : $0 }
        priceLimit = section.decimal("price_limit")
        allowedHosts = section.texts("allowed_hosts").map { $0.lowercased() }
        idsPerLink = section.integer("ids_per_link") ?? 1
        idsPerPicture = section.integer("ids_per_picture") ?? 20
        maxFile = section.integer("max_file") ?? maxFile
        maxField = section.integer("max_field") ?? maxField
        freeDecimals = section.texts("free_decimals").map { $0.uppercased() }
    }
}

extension GuardSettings {
    init(_ section: Section) {
        self.init()
        isOn = section.flag("enabled")
        floor = section.integer("floor") ?? floor
        outOfStock = section.share("out_of_stock") ?? outOfStock
        priceMoves = section.share("price_moves") ?? priceMoves
        samePrice = section.share("same_price") ?? samePrice
        timesUsual = section.decimal("times_usual") ?? timesUsual
        changed = section.share("changed") ?? changed
        unseen = section.share("unseen") ?? unseen
        let bound = section.section("bound")
        boundHosts = bound.texts("hosts").map { $0.lowercased() }
        boundCurrency = bound.text("currency")
        boundWithout = bound.texts("without")
    }
}

extension DeliverySettings {
    init(_ section: Section) {
        batchSize = section.integer("batch_size") ?? 1
        maxInFlight = section.integer("max_in_flight") ?? 1
        pollInterval = section.duration("poll_interval") ?? .zero
        pollDeadline = section.duration("poll_deadline") ?? .zero
        skipUnchanged = section.flag("skip_unchanged")
        requestTimeout = section.duration("request_timeout") ?? .zero
        throttleFloor = section.duration("throttle_floor") ?? .zero
        patience = section.duration("patience") ?? .zero
        body = Body(rawValue: section.text("body") ?? "") ?? .json
    }
}

extension TelemetrySettings {
    init(_ section: Section) {
        let logs = section.section("logs")
        let prometheus = section.section("prometheus")
        let cloudWatch = section.section("cloudwatch")
        self.logs = Logs(
            file: logs.text("file"), level: logs.text("level") ?? "", rotateSize: logs.section("rotate").integer("size") ?? 0,
            rotateAge: logs.section("rotate").duration("age") ?? .zero, rotateKeep: logs.section("rotate").duration("keep") ?? .zero)
        self.prometheus = Prometheus(prometheus)
        self.cloudWatch = CloudWatch(
            namespace: cloudWatch.text("namespace") ?? "", enabled: cloudWatch.flag("enabled"), logGroup: cloudWatch.text("log_group"),
            logRetention: cloudWatch.duration("log_retention") ?? .zero)
        otlp = OTLP(endpoint: section.section("otlp").text("endpoint"))
    }
}

extension TelemetrySettings.Prometheus {
    init(_ section: Section) {
        listen = section.text("listen")
        bearerToken = section.secret("bearer_token")
        if let user = section.text("user"), let password = section.secret("password") { login = Login(user: user, password: password) }
        isUnprotected = section.flag("unprotected")
        let tls = section.section("tls")
        if let certificate = tls.text("certificate"), let key = tls.text("key") { self.tls = TLS(certificate: certificate, key: key) }
        textfile = section.text("textfile")
        pushgateway = section.text("pushgateway")
    }
}
