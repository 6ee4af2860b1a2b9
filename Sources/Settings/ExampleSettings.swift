/// The content of `vitrine.example.yaml`: every key there is, with what it would be if it were not written. A test reads it and holds it
/// against the declarations.
public let exampleSettings = """
    # Settings of Vitrine. Copy this file to vitrine.yaml and change what is yours.
    # Durations: 100ms 2s 30m 1h 30d. Sizes: 100MB. Shares: 0.2 or 20%. Times here are UTC.
    # A secret is never written here, only where it is: env:NAME or file:PATH.

    pipelines:
      # A name of your choice. It is the name of a folder too.
      shop-catalog:
        kind: catalog-sync
        landing: ./landing-zone              # files are taken from ./landing-zone/data
        synced: ./synced-products            # batches, journals and reports of each run
        schedule: "0 * * * *"                # minute hour day month weekday; leave out to run by hand
        watch: false                         # true: also run when a file arrives
        watch_interval: 30s
        retention: 30d                       # archived files, rejected files, batches
        history: 400d                        # journals, receipts, reports
        lease: 2m                            # on S3 only; a folder's lease ends with its holder
        stage_grace: 1h                      # how long `vitrine stage` waits for the next stage
        dead_man: null                       # https://hc.example/ping/your-check

        # Where reports and the status page lead to: "https://admin.shop.example/products/{id}"
        links: {product_admin: null}

        # Our column name: yours. Leave out what is called the same. Or made of yours: {link: "https://shop.example/p/{sku}", price: "{price} IQD"}
        columns: {id: id}
        # Values for empty or missing columns. Each filled value is counted.
        defaults: {brand: null, currency: null, condition: null}
        version_column: null                 # the column that says which of two rows of one id is newer; else Airbyte's, else the later row
        category: as_is                      # as_is, auto, or a table {your word: "Apparel & Accessories > Shoes"}
        # category_file: ./categories.csv    # that table as a file of two columns; instead of category
        # Your words to Meta's, besides the usual English, Arabic and Kurdish ones: {availability: {"auf Lager": in stock}}
        translate: {availability: {}, condition: {}}
        delimiter: ","                       # , ; | or tab
        number_format: auto                  # auto, comma_thousands (1,299.99), dot_thousands (1.299,99)

        catalog:
          id: "1234567890"                   # digits, in quotes
          graph_url: https://graph.facebook.com/v26.0
          access_token: env:META_ACCESS_TOKEN
          app_secret: null                   # env:META_APP_SECRET
          token_expires: null                # 2026-12-31, the last day of the token: told before
          api_version_ends: null             # 2026-12-31, the last day of the version in graph_url
          currency: null                     # rule P05: IQD

        validation:
          strict: false                      # true: one refused row stops the run before anything is sent
          max_rejected_share: 0.2            # above this share of rejected rows nothing is sent …
          rejected_floor: 20                 # … if at least so many were rejected
          max_price_move: 60%                # rule P13, against the price sent last
          rules: {}                          # {T03: off, L05: error}; off, info, warn, error, file; guards: off, warn, hold
          price_limit: null                  # rule P07
          allowed_hosts: []                  # rule L05: [shop.example]
          ids_per_link: 1                    # rule L08
          ids_per_picture: 20                # rule M06
          max_file: 512MiB                   # rule F10, inflated
          max_field: 64KiB                   # rule F10
          free_decimals: []                  # rule P08: [IQD]

        guards:                              # when a run waits for a person; shares are of the known catalogue
          enabled: true
          floor: 50                          # a catalogue with fewer products is taken for one with so many
          out_of_stock: 30%                  # rule V06
          price_moves: 20%                   # rule P15, by more than max_price_move
          same_price: 20%                    # rule P14
          times_usual: 10                    # rule X02, times the items of a usual run
          changed: 80%                       # rule X03, off unless rules: {X03: hold}
          unseen: 10%                        # rules X08 and X09: hosts and currencies
          bound: {hosts: [], currency: null, without: []}   # rule X10: {hosts: [shop.example], currency: IQD, without: [staging]}

        delivery:
          batch_size: 3000                   # 1 to 5000
          max_in_flight: 1
          poll_interval: 2s
          poll_deadline: 30m
          skip_unchanged: true
          request_timeout: 120s
          throttle_floor: 60s
          patience: 15m                      # a longer wait ends the run, to be resumed
          body: json                         # json or form

    alerts:
      shipped: on                            # the rules that come with Vitrine
      hourly_cap: 20                         # messages an hour at most
      rules:
        # A figure is a path of the report with _ between its parts.
        - {name: handle-errors, figure: handle_errors, above: 0, severity: warning, channels: [ops]}
        - {name: many-refused, figure: items_refused, of: items_sent, above: 5%, at_least: 20, severity: critical, channels: [ops, pager]}
        - {name: needs-a-person, ends: [token, permission, validation_failed, held, books], remind: 12h, severity: critical, channels: [ops]}
        - {name: no-file, no_file_for: 6h, active_hours: {from: "08:00", to: "22:00", days: [sat, sun, mon, tue, wed, thu], time_zone: Asia/Baghdad}, channels: [ops]}
        - {name: no-success, no_success_for: 3h, channels: [ops], runbook: "https://wiki.shop.example/no-success"}
        - {name: flapping, figure: handle_errors, above: 10, runs: {bad: 2, of: 3, good: 2}, channels: [ops]}
        - {name: no-verdict, unknown_older_than: 26h, channels: [ops]}
        - {name: token, token_expires_within: 14d, channels: [ops]}
        - {name: api-version, api_version_ends_within: 30d, channels: [ops]}
      dashboard: null                        # an address in every message
      # One letter a day for who mends the data
      digest: {at: "09:00", time_zone: Asia/Baghdad, channels: [ops]}
      channels:
        ops:
          kind: email
          smtp: smtp://127.0.0.1:2525
          from: vitrine@shop.example
          to: [ops@shop.example]
          user: null
          password: null                     # env:SMTP_PASSWORD
          starttls: off                      # required or off
          ca_file: null
          fallback: hook                     # told when this channel cannot be reached …
          fallback_after: 15m                # … for so long
        pager: {kind: sns, topic: "arn:aws:sns:eu-central-1:123456789012:catalog"}
        hook: {kind: webhook, url: "http://127.0.0.1:9093/api/v2/alerts"}   # Alertmanager itself, or who takes its webhook

    telemetry:
      logs: {file: ./logs/vitrine.ndjson, level: info, rotate: {size: 100MB, age: 1d, keep: 30d}}
      prometheus:
        listen: "127.0.0.1:9464"             # where `serve` answers: /metrics, /healthz, /readyz, the status page; null: nowhere
        bearer_token: null                   # env:SCRAPE_TOKEN: asked for by /metrics and the status page …
        user: null                           # … or a name …
        password: null                       # … and its password; beyond 127.0.0.1 one of them is needed …
        unprotected: false                   # … or the word that everybody may look
        textfile: null                       # for the node exporter, written at the end of each run
        pushgateway: null                    # such as http://127.0.0.1:9091
        tls: {certificate: null, key: null}  # PEM files: with both, HTTPS
      cloudwatch: {namespace: Vitrine, enabled: false, log_group: null, log_retention: 30d}
      otlp: {endpoint: null}

    aws: {region: eu-central-1}
    state: ./state                           # ledger, incidents, outbox
    time_zone: UTC                           # of times in reports and on pages: Asia/Baghdad

    """
