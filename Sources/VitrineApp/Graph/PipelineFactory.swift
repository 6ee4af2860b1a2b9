import CatalogSync
import Cryptography
import Engine
import Events
import Feed
import FoundationEssentials
import Glibc
import MetaCatalog
import ObjectStore
import Settings
import Telemetry
import Transport

/// Settings to a running graph.
struct PipelineFactory {
    let loaded: LoadedSettings
    let world: World
    let aws: AWSLink
    let fetchedSecrets: AWSSecrets

    /// - Parameter earlier: of the same process, whose way to AWS goes on.
    init(loaded: LoadedSettings, world: World, after earlier: PipelineFactory? = nil) {
        self.loaded = loaded
        self.world = world
        aws = earlier?.aws ?? AWSLink(region: loaded.settings.aws.region, random: world.random)
        fetchedSecrets = earlier?.fetchedSecrets ?? AWSSecrets(link: aws)
    }

    var pauses: PauseBook { get throws { PauseBook(store: try stateStore) } }

    func landing(_ pipeline: PipelineSettings) throws -> any LeasingStore { try store(pipeline.landing, pipeline) }
    func synced(_ pipeline: PipelineSettings) throws -> any LeasingStore { try store(pipeline.synced, pipeline) }

    private func store(_ place: String, _ pipeline: PipelineSettings) throws -> any LeasingStore {
        guard let place = S3Place(url: place) else { return FolderStore(root: loaded.path(place)) }
        var options = S3Store.Options(spool: Self.spool)
        options.lease = pipeline.lease
        return S3Store(place, in: try aws.session(), world: aws.world, options: options)
    }

    /// - Throws: 78: guards hold, the other rules do not.
    private func refuseWrongSeverities(_ pipeline: PipelineSettings) throws {
        for (name, word) in pipeline.validation.rules.sorted(by: { $0.key < $1.key }) {
            guard let rule = RuleID(rawValue: name) else { continue }
            let words = rule.kind == .guardian ? ["off", "warn", "hold"] : ["off", "info", "warn", "error", "file"]
            guard !words.contains(word) else { continue }
            throw stop(
                "severity", pipeline, "validation.rules.\(name): \(word) is not for this rule",
                remedy: "Use \(words.dropLast().joined(separator: ", ")) or \(words.last ?? "").")
        }
    }

    /// A landing zone that is not there is a typo or a disk that was not mounted; taken for an empty one it would be green for ever.
    /// Of a bucket, `reachLandingZone` says so.
    private func requireLandingZone(_ pipeline: PipelineSettings) throws {
        guard S3Place(url: pipeline.landing) == nil else { return }
        let root = loaded.path(pipeline.landing)
        guard isFolder(root) ?? false else {
            throw stop("no_landing_zone", pipeline, "landing: there is no folder \(root)", remedy: "Make it, or mount it: mkdir -p \(ShellWord.quoted(root + "/data"))")
        }
        guard isFolder(root + "/data") ?? true else {
            throw stop("no_landing_zone", pipeline, "landing: \(root)/data is no folder", remedy: "Move it away: files are taken from this folder.")
        }
    }

    /// Nil where nothing is there.
    private func isFolder(_ path: String) -> Bool? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT == S_IFDIR : nil
    }

    private func stop(_ reason: String, _ pipeline: PipelineSettings, _ detail: String, remedy: String) -> RunStop {
        RunStop(
            .settings, reason: reason, culprit: "\(loaded.settings.file):\(pipeline.line)", detail: "pipelines.\(pipeline.name).\(detail)",
            remedy: remedy)
    }

    /// What is to be known before a run or a plan begins. - Throws: 78, naming file and line.
    func require(_ pipeline: PipelineSettings) throws {
        try refuseWrongSeverities(pipeline)
        for host in pipeline.guards.boundHosts where ItemHosts.normal(host) == nil {
            throw stop("host", pipeline, "guards.bound.hosts: '\(host)' is no host", remedy: "Write the name alone, such as shop.example: its subdomains belong to it.")
        }
        try requireLandingZone(pipeline)
    }

    /// The same of a bucket, which only its own answer can tell: before a run is opened that would find nothing to read from.
    func reachLandingZone(_ pipeline: PipelineSettings) async throws { try await (try landing(pipeline) as? S3Store)?.reach() }

    func sync(
        _ pipeline: PipelineSettings, _ telemetry: AppTelemetry, ledger: Ledger, transport: any HTTPTransport, witness: (any RunWitness)? = nil
    ) throws -> CatalogSync {
        try sync(pipeline, telemetry, ledger, CatalogClient(endpoint: try endpoint(pipeline), transport: transport), witness)
    }

    /// For a person's word on a pipeline: calls nobody, so it wants no token.
    func syncWithoutCalls(_ pipeline: PipelineSettings, _ telemetry: AppTelemetry, ledger: Ledger, transport: any HTTPTransport) throws -> CatalogSync {
        let nobody = CatalogEndpoint(graphURL: "", catalogID: pipeline.catalog.id, accessToken: Secret(""))
        return try sync(pipeline, telemetry, ledger, CatalogClient(endpoint: nobody, transport: transport), nil)
    }

    private func sync(
        _ pipeline: PipelineSettings, _ telemetry: AppTelemetry, _ ledger: Ledger, _ client: CatalogClient, _ witness: (any RunWitness)?
    ) throws -> CatalogSync {
        CatalogSync(
            configuration: configuration(pipeline), landing: try landing(pipeline), synced: try synced(pipeline), ledger: ledger, client: client,
            world: world, reporter: telemetry.reporter, runLogs: telemetry.runLogs, witness: witness, spool: Self.spool,
            retention: pipeline.retention, history: pipeline.history)
    }

    /// The secrets of all pipelines, for the scan behind the sinks. A secret that is missing is not an error here but where it is needed.
    func secrets() -> [Secret] {
        loaded.settings.allSecrets.compactMap { try? $0.resolve(in: secretSources) } + ((try? otlpConfiguration())?.secrets ?? [])
    }

    /// Where references of the settings are looked up; what AWS keeps was fetched before.
    var secretSources: SecretSources {
        var sources = loaded.secretSources
        sources.fetched = { [fetchedSecrets] in fetchedSecrets.secret($0) }
        return sources
    }

    static var spool: String { ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp" }

    func configuration(_ pipeline: PipelineSettings) -> CatalogSyncConfiguration {
        var configuration = CatalogSyncConfiguration(pipeline: pipeline.name, catalogID: pipeline.catalog.id)
        configuration.feed = FeedOptions(pipeline)
        configuration.feed.now = world.now().nanoseconds / 1_000_000_000
        configuration.validation.strict = pipeline.validation.strict
        configuration.validation.maxRejectedShare = pipeline.validation.maxRejectedShare
        configuration.validation.rejectedFloor = pipeline.validation.rejectedFloor
        configuration.validation.maxPriceMove = pipeline.validation.maxPriceMove
        configuration.guards = CatalogSyncConfiguration.Guards(pipeline.guards)
        configuration.delivery.batchSize = pipeline.delivery.batchSize
        configuration.delivery.maxInFlight = pipeline.delivery.maxInFlight
        configuration.delivery.pollInterval = pipeline.delivery.pollInterval
        configuration.delivery.pollDeadline = pipeline.delivery.pollDeadline
        configuration.delivery.skipUnchanged = pipeline.delivery.skipUnchanged
        configuration.delivery.throttleFloor = pipeline.delivery.throttleFloor
        configuration.delivery.patience = pipeline.delivery.patience
        configuration.settingsFingerprint = String(sha256Hex(Array(pipeline.mappingFingerprint.utf8)).prefix(16))
        configuration.workers = max(1, ProcessInfo.processInfo.activeProcessorCount)
        configuration.version = Version.text
        configuration.presentation = loaded.presentation(of: pipeline.name)
        return configuration
    }

    /// - Throws: 78 where a secret is missing, naming file and line.
    func endpoint(_ pipeline: PipelineSettings) throws -> CatalogEndpoint {
        do {
            return CatalogEndpoint(
                graphURL: pipeline.catalog.graphURL, catalogID: pipeline.catalog.id,
                accessToken: try pipeline.catalog.accessToken.resolve(in: secretSources),
                appSecret: try pipeline.catalog.appSecret?.resolve(in: secretSources),
                bodyForm: pipeline.delivery.body == .form ? .form : .json, requestTimeout: pipeline.delivery.requestTimeout)
        } catch {
            throw RunStop(error)
        }
    }
}

extension FeedOptions {
    init(_ pipeline: PipelineSettings) {
        self.init()
        for (name, theirs) in pipeline.columns { if let column = Column(rawValue: name) { columns[column] = theirs } }
        defaults = FieldDefaults(brand: pipeline.defaults.brand, currency: pipeline.defaults.currency, condition: pipeline.defaults.condition)
        versionColumn = pipeline.versionColumn
        for (name, word) in pipeline.validation.rules {
            if let rule = RuleID(rawValue: name), let severity = Severity(rawValue: word) { severities[rule] = severity }
        }
        switch pipeline.numberFormat {
        case .auto: numberFormat = .undecided
        case .commaThousands: numberFormat = .point
        case .dotThousands: numberFormat = .comma
        }
        switch pipeline.category {
        case .asIs: category = .asIs
        case .auto: category = .auto
        case .table(let table):
            category = .table
            categoryTable = table
        }
        delimiter = pipeline.delimiter.byte
        translations.availability = pipeline.translate.availability
        translations.condition = pipeline.translate.condition
        catalogCurrency = pipeline.catalog.currency
        maxIDsPerLink = pipeline.validation.idsPerLink
        maxIDsPerPicture = pipeline.validation.idsPerPicture
        maxFileBytes = pipeline.validation.maxFile
        maxFieldBytes = pipeline.validation.maxField
        maxRecordBytes = max(maxRecordBytes, maxFieldBytes * 2)
        currenciesWithFreeDecimals = Set(pipeline.validation.freeDecimals)
        maxAmount = pipeline.validation.priceLimit.map { Int($0) }
        allowedHosts = pipeline.validation.allowedHosts
    }
}

extension CatalogSyncConfiguration.Guards {
    init(_ settings: GuardSettings) {
        self.init()
        isOn = settings.isOn
        floor = settings.floor
        samePrice = settings.samePrice
        priceMoves = settings.priceMoves
        outOfStock = settings.outOfStock
        timesUsual = settings.timesUsual
        changed = settings.changed
        unseen = settings.unseen
        bound.hosts = settings.boundHosts.compactMap(ItemHosts.normal)
        bound.currency = settings.boundCurrency
        bound.without = settings.boundWithout
    }
}
