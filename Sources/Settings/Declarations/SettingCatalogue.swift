/// All declarations, in the order in which a person would read them.
enum SettingCatalogue {
    static let all: [SettingDeclaration] = pipelines + catalog + validation + guards + delivery + alerts + channels + telemetry + machine

    static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })
    static let children = Dictionary(grouping: all, by: \.parent)

    private static let http = SettingType.url(schemes: ["https", "http"])

    private static let pipelines: [SettingDeclaration] = [
        .required("pipelines", .named, "The syncs, each under a name of your choice (letters, digits, `.`, `_`, `-`)."),
        .optional("pipelines.*.kind", .choice(PipelineSettings.Kind.allCases.map(\.rawValue)), "catalog-sync", "What the pipeline does."),
        .required("pipelines.*.landing", .store, "The landing zone: files are taken from its `data/`. A folder, or `s3://BUCKET/PREFIX`. No two pipelines share one."),
        .required("pipelines.*.synced", .store, "Where runs leave batches, journals and reports. A folder, or `s3://BUCKET/PREFIX`."),
        .optional("pipelines.*.schedule", .cron, nil, "When `serve` runs it: five cron fields, UTC."),
        .optional("pipelines.*.watch", .flagOrPairs(keys: ["queue"]), "false", "Whether `serve` also runs it when a file arrives. With `{queue: URL}`, an SQS queue that the landing zone's bucket tells of new objects, at once."),
        .optional("pipelines.*.watch_interval", .duration(.seconds(1) ... .hours(1)), "30s", "How often the landing zone is looked at when watched."),
        .optional("pipelines.*.retention", .duration(.hours(1) ... .days(36_500)), "30d", "How long archived files, rejected files and batch objects are kept."),
        .optional("pipelines.*.history", .duration(.hours(1) ... .days(36_500)), "400d", "How long journals, receipts and reports are kept."),
        .optional("pipelines.*.lease", .duration(.seconds(10) ... .hours(1)), "2m", "How long a lease on S3 holds without renewal; a folder's lease ends with its holder."),
        .optional("pipelines.*.stage_grace", .duration(.minutes(1) ... .days(7)), "1h", "How long `vitrine stage` keeps the lease for the next stage to come."),
        .optional("pipelines.*.dead_man", http, nil, "A URL in Healthchecks' form, told at the start and the end of each run."),
        .optional("pipelines.*.links", .section, nil, "Addresses that reports and the status page lead to."),
        .optional("pipelines.*.links.product_admin", http, nil, "A product in the shop's own back office, with `{id}` where its id goes, such as `https://admin.shop.example/products/{id}`. The id is percent-encoded."),
        .optional("pipelines.*.columns", .pairs, nil, "Our column names and the names your files use, such as `{id: sku}`; or a template with your names in braces, such as `{link: \"https://shop.example/p/{sku}\", price: \"{price} IQD\"}`. In addresses what stands in braces is percent-encoded."),
        .optional("pipelines.*.defaults", .section, nil, "Values for empty or missing columns; each filled value is counted."),
        .optional("pipelines.*.defaults.brand", .text, nil, "Fills `brand`."),
        .optional("pipelines.*.defaults.currency", .currency, nil, "The currency of prices that name none: three capital letters (ISO 4217)."),
        .optional("pipelines.*.defaults.condition", .choice(["new", "refurbished", "used"]), nil, "Fills `condition`."),
        .optional("pipelines.*.version_column", .text, nil, "The column that says which of two rows of one id is newer; without it `_airbyte_extracted_at` does, where the file has it, else the later row wins."),
        .optional("pipelines.*.category", .choiceOrPairs(["as_is", "auto"]), "as_is", "What becomes of `product_type`: `as_is` sends it as `google_product_category`; `auto` sends only taxonomy paths and numbers there; or a table from your words to the taxonomy's."),
        .optional("pipelines.*.category_file", .text, nil, "That table as a file beside the settings: a CSV of two columns, your product type and the taxonomy's path or number. Stands instead of a table under `category`."),
        .optional("pipelines.*.delimiter", .choice(PipelineSettings.Delimiter.allCases.map(\.rawValue)), ",", "What stands between the fields of a line. A file that a spreadsheet saved with `;` is read anyway."),
        .optional("pipelines.*.translate", .section, nil, "Your words to Meta's; the usual English, Arabic and Kurdish ones are known anyway."),
        .optional("pipelines.*.translate.availability", .pairs, nil, "Your words to `in stock`, `out of stock`, `preorder`, `available for order` or `discontinued`."),
        .optional("pipelines.*.translate.condition", .pairs, nil, "Your words to `new`, `refurbished` or `used`."),
        .optional("pipelines.*.number_format", .choice(PipelineSettings.NumberFormat.allCases.map(\.rawValue)), "auto", "How `25,000` is read: `auto` refuses what can be read in two ways, `comma_thousands` reads 1,299.99, `dot_thousands` reads 1.299,99."),
    ]

    private static let catalog: [SettingDeclaration] = [
        .optional("pipelines.*.catalog", .section, nil, "Meta's side."),
        .required("pipelines.*.catalog.id", .digits, "The catalogue's id, in quotes. No two pipelines share one."),
        .optional("pipelines.*.catalog.graph_url", http, "https://graph.facebook.com/v26.0", "The Graph API with its version; plain http only to this machine."),
        .required("pipelines.*.catalog.access_token", .secret, "Where the access token is: `env:NAME`, `file:PATH`, `secretsmanager:ARN` or `ssm:NAME`, never the token."),
        .optional("pipelines.*.catalog.currency", .currency, nil, "The catalogue's currency; a price in another is refused (rule P05). Without it every known currency passes."),
        .optional("pipelines.*.catalog.token_expires", .date, nil, "The last day of the access token, as Business Settings shows it; rules with `token_expires_within` tell before."),
        .optional("pipelines.*.catalog.api_version_ends", .date, nil, "The last day of the API version in `graph_url`, as Meta's changelog says it. Without it what was known when this version of Vitrine was made."),
        .optional("pipelines.*.catalog.app_secret", .secret, nil, "Where the app secret is; with it each call carries an `appsecret_proof`."),
    ]

    private static let validation: [SettingDeclaration] = [
        .optional("pipelines.*.validation", .section, nil, "How rows are judged."),
        .optional("pipelines.*.validation.strict", .flag, "false", "Whether one refused row or file stops the run before anything is sent."),
        .optional("pipelines.*.validation.max_rejected_share", .share, "0.2", "The share of rejected rows above which nothing is sent."),
        .optional("pipelines.*.validation.rejected_floor", .integer(0...1_000_000_000), "20", "The share is only judged from this many rejected rows on."),
        .optional("pipelines.*.validation.max_price_move", .share, "0.6", "The share by which a price may differ from the one sent last before rule P13 tells."),
        .optional("pipelines.*.validation.rules", .pairs, nil, "Severities that differ from the catalogue, by rule id: `off`, `info`, `warn`, `error` or `file`; guards `off`, `warn` or `hold`."),
        .optional("pipelines.*.validation.price_limit", .decimal, nil, "The highest price rule P07 lets pass; without it P07 is off."),
        .optional("pipelines.*.validation.allowed_hosts", .texts, nil, "The hosts rule L05 lets pass; without them L05 only warns."),
        .optional("pipelines.*.validation.ids_per_link", .integer(1...1_000_000), "1", "How many ids without a group may share one link (rule L08)."),
        .optional("pipelines.*.validation.ids_per_picture", .integer(1...1_000_000), "20", "How many ids may share one picture (rule M06)."),
        .optional("pipelines.*.validation.max_file", .size(1_000...100_000_000_000), "512MiB", "The largest file, inflated (rule F10)."),
        .optional("pipelines.*.validation.max_field", .size(1_000...1_000_000), "64KiB", "The longest field (rule F10)."),
        .optional("pipelines.*.validation.free_decimals", .texts, nil, "Currencies whose prices may have any decimals (rule P08), such as `[IQD]`."),
    ]

    private static let guards: [SettingDeclaration] = [
        .optional("pipelines.*.guards", .section, nil, "When a run waits for a person before it sends anything. Shares are of the known catalogue: the products that were ever sent. A rule's severity `warn` or `off` under `validation.rules` makes its guard tell only, or silent."),
        .optional("pipelines.*.guards.enabled", .flag, "true", "Whether any guard speaks."),
        .optional("pipelines.*.guards.floor", .integer(1...1_000_000_000), "50", "A catalogue with fewer products is taken for one with so many."),
        .optional("pipelines.*.guards.out_of_stock", .share, "0.3", "The share that may turn out of stock in one run (rule V06)."),
        .optional("pipelines.*.guards.price_moves", .share, "0.2", "The share whose price may move by more than `validation.max_price_move` (rule P15)."),
        .optional("pipelines.*.guards.same_price", .share, "0.2", "The share that may be given one and the same new price (rule P14)."),
        .optional("pipelines.*.guards.times_usual", .decimal, "10", "How many times the items of a usual run may be sent (rule X02). `run --expect-full` announces more."),
        .optional("pipelines.*.guards.changed", .share, "0.8", "The share that may change in one run (rule X03, which is off unless `validation.rules` says `X03: hold`)."),
        .optional("pipelines.*.guards.unseen", .share, "0.1", "The share that may lead to hosts (rule X08), or have a currency (rule X09), that was never sent before."),
        .optional("pipelines.*.guards.bound", .section, nil, "What belongs into this catalogue; one item that does not holds the run, the first one too (rule X10)."),
        .optional("pipelines.*.guards.bound.hosts", .texts, nil, "The hosts of links and pictures; their subdomains belong too."),
        .optional("pipelines.*.guards.bound.currency", .currency, nil, "The currency of prices."),
        .optional("pipelines.*.guards.bound.without", .texts, nil, "Words that stand in no host and no file name, such as `[staging, test]`."),
    ]

    private static let delivery: [SettingDeclaration] = [
        .optional("pipelines.*.delivery", .section, nil, "How items travel."),
        .optional("pipelines.*.delivery.batch_size", .integer(1...5_000), "3000", "The most items in a batch; 28,000,000 encoded bytes cut it too."),
        .optional("pipelines.*.delivery.max_in_flight", .integer(1...16), "1", "The most batches on their way at once."),
        .optional("pipelines.*.delivery.poll_interval", .duration(.milliseconds(10) ... .hours(1)), "2s", "The first pause between two looks at a handle."),
        .optional("pipelines.*.delivery.poll_deadline", .duration(.seconds(1) ... .days(1)), "30m", "How long a handle is looked at before a later run settles it."),
        .optional("pipelines.*.delivery.skip_unchanged", .flag, "true", "Whether an item that Meta accepted as it is now is left out."),
        .optional("pipelines.*.delivery.request_timeout", .duration(.milliseconds(100) ... .hours(1)), "120s", "The longest time for one request."),
        .optional("pipelines.*.delivery.throttle_floor", .duration(.zero ... .hours(1)), "60s", "The shortest wait when Meta throttles."),
        .optional("pipelines.*.delivery.patience", .duration(.zero ... .days(1)), "15m", "A wait longer than this ends the run, to be resumed."),
        .optional("pipelines.*.delivery.body", .choice(DeliverySettings.Body.allCases.map(\.rawValue)), "json", "How a batch is encoded for Meta."),
    ]

    private static let alerts: [SettingDeclaration] = [
        .optional("alerts", .section, nil, "Who is told of what."),
        .optional("alerts.shipped", .flag, "on", "Whether the rules that ship are on."),
        .optional("alerts.hourly_cap", .integer(1...10_000), "20", "The most messages an hour."),
        .optional("alerts.rules", .list, nil, "Rules of your own; each has one of `figure`, `ends`, `no_file_for`, `no_success_for`, `unknown_older_than`, `token_expires_within` and `api_version_ends_within`. One with the name of a rule that ships takes its place."),
        .required("alerts.rules[].name", .name, "The rule's name."),
        .optional("alerts.rules[].figure", .text, nil, "A figure of the report, its path joined by `_`, such as `items_refused`."),
        .optional("alerts.rules[].above", .threshold, nil, "The figure is bad above this number, or above this share where `of` is given."),
        .optional("alerts.rules[].of", .text, nil, "The figure of which `above` is a share."),
        .optional("alerts.rules[].at_least", .integer(0...1_000_000_000), nil, "The figure must also be at least this."),
        .optional("alerts.rules[].ends", .choices(["token", "permission", "validation_failed", "held", "books", "settings", "cannot_write"]), nil, "Ends of a run that are bad."),
        .optional("alerts.rules[].no_file_for", .duration(.minutes(1) ... .days(365)), nil, "Bad when no file has come for so long."),
        .optional("alerts.rules[].active_hours", .section, nil, "Only these hours count for `no_file_for`: a shop that is closed sends nothing."),
        .optional("alerts.rules[].active_hours.from", .time, "00:00", "From this time on …"),
        .optional("alerts.rules[].active_hours.to", .time, "24:00", "… up to this one; not later than `from`: of the next day."),
        .optional("alerts.rules[].active_hours.days", .choices(ActiveHoursSettings.dayNames), nil, "The days on which the hours begin; all of them without it."),
        .optional("alerts.rules[].active_hours.time_zone", .text, nil, "Where the clock hangs; without it `time_zone`."),
        .optional("alerts.rules[].no_success_for", .duration(.minutes(1) ... .days(365)), nil, "Bad when no run has succeeded for so long."),
        .optional("alerts.rules[].unknown_older_than", .duration(.minutes(1) ... .days(365)), nil, "Bad when something was sent so long ago and has no verdict yet."),
        .optional("alerts.rules[].token_expires_within", .duration(.hours(1) ... .days(365)), nil, "Bad when the access token ends within so long, see `catalog.token_expires`."),
        .optional("alerts.rules[].api_version_ends_within", .duration(.hours(1) ... .days(365)), nil, "Bad when the API version ends within so long, see `catalog.api_version_ends`."),
        .optional("alerts.rules[].runs", .section, nil, "How many runs it takes; of no meaning to a deadline."),
        .optional("alerts.rules[].runs.bad", .integer(1...100), "1", "Opens at this many bad runs …"),
        .optional("alerts.rules[].runs.of", .integer(1...100), "1", "… of the last so many."),
        .optional("alerts.rules[].runs.good", .integer(1...100), "1", "Closes after this many good runs in a row."),
        .optional("alerts.rules[].remind", .duration(.minutes(1) ... .days(365)), nil, "How often an open incident is told again."),
        .optional("alerts.rules[].severity", .choice(AlertRuleSettings.Severity.allCases.map(\.rawValue)), "warning", "How much it matters."),
        .optional("alerts.rules[].runbook", http, nil, "Where who is told reads what to do; stands in the message."),
        .required("alerts.rules[].channels", .texts, "Who is told: names of channels."),
        .optional("alerts.dashboard", http, nil, "An address that stands in every message."),
        .optional("alerts.digest", .section, nil, "One letter a day for who mends the data: what is new, mended and still open, by what is to be done."),
        .optional("alerts.digest.at", .time, "09:00", "At this time of the day; a process that begins later sends it then."),
        .optional("alerts.digest.time_zone", .text, nil, "Where the clock hangs; without it `time_zone`."),
        .required("alerts.digest.channels", .texts, "Who gets it: names of channels of kind email or sns."),
    ]

    private static let channels: [SettingDeclaration] = [
        .optional("alerts.channels", .named, nil, "Ways to tell people, each under a name of your choice."),
        .required("alerts.channels.*.kind", .choice(["email", "sns", "webhook"]), "What it is; the other keys depend on it."),
        .optional("alerts.channels.*.smtp", .url(schemes: ["smtp", "smtps"]), nil, "email: the mail server, `smtp://HOST:PORT`."),
        .optional("alerts.channels.*.from", .text, nil, "email: the sender."),
        .optional("alerts.channels.*.to", .texts, nil, "email: the receivers."),
        .optional("alerts.channels.*.user", .text, nil, "email: the name to log in with."),
        .optional("alerts.channels.*.password", .secret, nil, "email: where the password is."),
        .optional("alerts.channels.*.starttls", .choice(EmailSettings.StartTLS.allCases.map(\.rawValue)), "required", "email: whether the connection must turn to TLS."),
        .optional("alerts.channels.*.ca_file", .text, nil, "email: certificates to trust beside the system's."),
        .optional("alerts.channels.*.fallback", .text, nil, "The channel that is told when this one cannot be reached."),
        .optional("alerts.channels.*.fallback_after", .duration(.minutes(1) ... .days(1)), "15m", "After how long; at once where the receiver refuses the message."),
        .optional("alerts.channels.*.topic", .text, nil, "sns: the topic's ARN."),
        .optional("alerts.channels.*.url", http, nil, "webhook: where the message is posted."),
    ]

    private static let telemetry: [SettingDeclaration] = [
        .optional("telemetry", .section, nil, "Where logs and metrics go."),
        .optional("telemetry.logs", .section, nil, "Log lines."),
        .optional("telemetry.logs.file", .text, nil, "The file that log lines are appended to; without it they go to stderr only."),
        .optional("telemetry.logs.level", .choice(["debug", "info", "warning", "error"]), "info", "The least level that is written."),
        .optional("telemetry.logs.rotate", .section, nil, "When the file is put aside."),
        .optional("telemetry.logs.rotate.size", .size(4_096...1_000_000_000_000), "100MB", "At this size."),
        .optional("telemetry.logs.rotate.age", .duration(.minutes(1) ... .days(36_500)), "1d", "At this age, or at this size, whichever comes first; then it is packed."),
        .optional("telemetry.logs.rotate.keep", .duration(.hours(1) ... .days(36_500)), "30d", "Files put aside are deleted after so long."),
        .optional("telemetry.prometheus", .section, nil, "Metrics for Prometheus."),
        .optional("telemetry.prometheus.listen", .address, "127.0.0.1:9464", "Where `serve` answers `/metrics`, `/healthz`, `/readyz` and the status page; `null` answers nowhere."),
        .optional("telemetry.prometheus.bearer_token", .secret, nil, "Where the token is that a scrape, or who looks at the status page, has to show. `/healthz` and `/readyz` want none."),
        .optional("telemetry.prometheus.user", .text, nil, "The name to log in with (HTTP basic), beside `password`. With a token too, either one will do."),
        .optional("telemetry.prometheus.password", .secret, nil, "Where its password is."),
        .optional("telemetry.prometheus.unprotected", .flag, "false", "Listen beyond this machine although no token or password is asked for: everybody who reaches the address sees products and figures."),
        .optional("telemetry.prometheus.tls", .section, nil, "With both, the endpoint speaks HTTPS (TLS 1.2 or later) and nothing else. Read at start."),
        .optional("telemetry.prometheus.tls.certificate", .text, nil, "A PEM file with the certificate and its chain."),
        .optional("telemetry.prometheus.tls.key", .text, nil, "A PEM file with its private key, without a password."),
        .optional("telemetry.prometheus.textfile", .text, nil, "A file for the node exporter, written at the end of each run."),
        .optional("telemetry.prometheus.pushgateway", http, nil, "A Pushgateway that gets the figures at the end of each run, in the groups `job=\"vitrine\"` and `job=\"vitrine\", pipeline=…`. Waits 10 s at most and fails no run."),
        .optional("telemetry.cloudwatch", .section, nil, "Metrics and logs for CloudWatch."),
        .optional("telemetry.cloudwatch.namespace", .text, "Vitrine", "The namespace of the metrics."),
        .optional("telemetry.cloudwatch.enabled", .flag, "false", "Whether anything is sent."),
        .optional("telemetry.cloudwatch.log_group", .text, nil, "The log group of the log lines; without it none are sent."),
        .optional("telemetry.cloudwatch.log_retention", .duration(.days(1) ... .days(3_653)), "30d", "How long CloudWatch keeps them."),
        .optional("telemetry.otlp", .section, nil, "Metrics, logs and traces for OpenTelemetry."),
        .optional("telemetry.otlp.endpoint", http, nil, "An OTLP/HTTP receiver, without a path, such as `http://127.0.0.1:4318`. OpenTelemetry's own variables are known too (docs/telemetry.md)."),
    ]

    private static let machine: [SettingDeclaration] = [
        .optional("aws", .section, nil, "Amazon's side."),
        .optional("aws.region", .text, nil, "The region; without it `AWS_REGION` decides."),
        .optional("state", .store, "./state", "Where ledger, incidents and outbox are kept: a folder on a disk that outlives the run, or `s3://BUCKET/PREFIX`, which one process at a time works on."),
        .optional("time_zone", .text, "UTC", "The zone of times in reports and on pages, such as `Asia/Baghdad`. JSON, logs, folders and `schedule` stay UTC."),
    ]
}

extension Duration {
    static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
    static func hours(_ count: Int) -> Duration { .seconds(count * 3_600) }
    static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
}
