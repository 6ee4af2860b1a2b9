import Events

/// Which families and series libraries have made. What goes beyond a bound is refused and leaves no trace here.
struct LibraryBook: Sendable {
    struct Family: Sendable {
        let name: LibraryName
        let kind: LibraryKind
        let help: String
        /// In the order in which they came.
        var series: [LibrarySeries] = []
        /// How many handlers there are to each.
        var users: [[ExposedFamily.Label]: Int] = [:]
    }

    /// By the name of the family in OpenMetrics, so that no two of different kinds claim one sample.
    private var families: [String: Family] = [:]
    private var seriesCount = 0
    private var version = 0
    private var scan: CredentialScan
    private var cache: LibraryLayout?

    init(scan: CredentialScan) { self.scan = scan }

    /// The series of this name with these labels, made where there is none yet; nil beyond the bounds.
    mutating func series(_ label: String, _ dimensions: [(String, String)], _ kind: LibraryKind, at now: Timestamp) -> LibrarySeries? {
        guard let name = LibraryName(label, kind), scan.redacted(label) == label, let labels = LibraryLabels.labels(dimensions, scan) else { return nil }
        var family = families[name.family] ?? Family(name: name, kind: kind, help: "Reported by a library as \(label); not of Vitrine's own catalogue.")
        guard family.kind == kind else { return nil }
        if let users = family.users[labels], let series = family.series.first(where: { $0.labels == labels }) {
            families[name.family]?.users[labels] = users + 1
            return series
        }
        let isNew = family.series.isEmpty
        guard !isNew || families.count < LibraryMetrics.mostFamilies, seriesCount < LibraryMetrics.mostSeries,
            family.series.count < LibraryMetrics.mostSeriesOfAFamily
        else { return nil }
        let series = LibrarySeries(kind, labels, created: now, isShown: true)
        family.series.append(series)
        family.users[labels] = 1
        families[name.family] = family
        seriesCount += 1
        changed()
        return series
    }

    /// One handler fewer; a series without any is gone, and so is a family without any series.
    mutating func release(_ series: LibrarySeries) {
        for (key, family) in families where family.series.contains(where: { $0 === series }) {
            let users = (family.users[series.labels] ?? 1) - 1
            if users > 0 { families[key]?.users[series.labels] = users } else { remove(series, from: key) }
        }
    }

    /// Other secrets are known: a series that already has one of them in a label is taken out.
    mutating func look(for scan: CredentialScan) {
        self.scan = scan
        for (key, family) in families {
            for series in family.series where series.labels.contains(where: { scan.redacted($0.value) != $0.value }) { remove(series, from: key) }
        }
    }

    mutating func restart(_ series: LibrarySeries, at now: Timestamp) {
        series.restart(at: now)
        changed()
    }

    private mutating func remove(_ series: LibrarySeries, from key: String) {
        series.hide()
        families[key]?.series.removeAll { $0 === series }
        families[key]?.users[series.labels] = nil
        if families[key]?.series.isEmpty == true { families[key] = nil }
        seriesCount -= 1
        changed()
    }

    private mutating func changed() {
        version += 1
        cache = nil
    }

    /// As they stand now, families by name.
    mutating func layout() -> LibraryLayout {
        if let cache { return cache }
        let layout = LibraryLayout(version: version, families.values.sorted { $0.name.sample < $1.name.sample })
        cache = layout
        return layout
    }
}

/// The series of the libraries in the order in which a snapshot has their numbers, behind those of the catalogue.
struct LibraryLayout: Sendable {
    /// Another one whenever a series comes, goes or begins anew.
    private(set) var version = 0
    /// Their cells and native counts are numbered from 0.
    private(set) var families: [ExposedFamily] = []
    private(set) var series: [LibrarySeries] = []
    private(set) var cellCount = 0
    private(set) var nativeCount = 0

    /// Nobody has reported anything.
    init() {}

    fileprivate init(version: Int, _ families: [LibraryBook.Family]) {
        self.version = version
        for family in families {
            var exposed = ExposedFamily(
                name: family.name.sample, help: family.help, kind: family.kind.exposed, buckets: family.kind.buckets,
                numbers: family.kind == .timer ? .whole : .fractional, hasPipeline: false, series: [])
            for one in family.series {
                exposed.series.append(
                    .init(labels: one.labels, cell: cellCount, native: family.kind == .timer ? nativeCount : nil, created: family.kind == .gauge ? nil : one.created))
                series.append(one)
                cellCount += family.kind.shown
                if family.kind == .timer { nativeCount += NativeBuckets.count }
            }
            self.families.append(exposed)
        }
    }

    /// Numbered as they stand in a snapshot.
    func exposed(firstCell: Int, firstNative: Int) -> [ExposedFamily] {
        families.map { family in
            var family = family
            for index in family.series.indices {
                family.series[index].cell += firstCell
                family.series[index].native = family.series[index].native.map { $0 + firstNative }
            }
            return family
        }
    }
}

extension LibraryKind {
    fileprivate var exposed: MetricDeclaration.Kind {
        switch self {
        case .counter: .counter
        case .gauge: .gauge
        case .timer, .recorder: .histogram
        }
    }
}
