public import Events

/// One metric with all its series: which label values there are, and which cells of the registry hold each series.
public struct MetricFamily: Sendable {
    public let metric: MetricName
    public let declaration: MetricDeclaration
    public let series: [Series]
    /// The dimensions in the order of the labels, `pipeline` first where there is one.
    let dimensions: [Dimension]
    /// Where the family begins in a snapshot.
    let firstCell: Int
    /// Where it begins among the registry's cells, of which a histogram has more.
    let firstStored: Int
    /// Of a histogram.
    let shape: HistogramShape?

    public struct Series: Sendable {
        public let labels: [LabelValue]
        /// Whether the series is exposed while it is zero.
        public let showsZero: Bool
    }

    /// Cells a series takes in a snapshot: one, or for a histogram one for each bucket with `+Inf` and one for the sum.
    var cellsPerSeries: Int { declaration.kind == .histogram ? declaration.buckets.count + 2 : 1 }
    var cellCount: Int { series.count * cellsPerSeries }
    /// Cells a series takes in the registry.
    var storedPerSeries: Int { shape?.stored ?? 1 }
    var storedCount: Int { series.count * storedPerSeries }

    init(_ metric: MetricName, values: GivenLabelValues, firstCell: Int, firstStored: Int) {
        self.metric = metric
        declaration = metric.declaration
        self.firstCell = firstCell
        self.firstStored = firstStored
        shape = declaration.kind == .histogram ? HistogramShape(bounds: declaration.buckets) : nil
        var dimensions = declaration.labels.map { Dimension($0.name, values.values(of: $0)) }
        if declaration.hasPipeline { dimensions.insert(Dimension(.pipeline, values.pipelines.sortedOnce), at: 0) }
        self.dimensions = dimensions
        let expected = values.expectedFindings(of: metric)
        series = dimensions.product.map { Series(labels: $0, showsZero: expected?.contains(Set($0.filter { $0.name != .pipeline })) ?? true) }
    }

    /// The first cell, in a snapshot, of the series with these label values; nil where there is no such series.
    func cell(pipeline: String?, _ first: LabelValue?, _ second: LabelValue?) -> Int? {
        place(pipeline: pipeline, first, second).map { firstCell + $0 * cellsPerSeries }
    }

    /// Which of the series has these label values; nil where there is no such one.
    func place(pipeline: String?, _ first: LabelValue?, _ second: LabelValue?) -> Int? {
        var index = 0
        var dimension = 0
        func take(_ name: LabelName, _ value: String) -> Bool {
            guard dimension < dimensions.count, dimensions[dimension].name == name, let place = dimensions[dimension].place(of: value)
            else { return false }
            index = index * dimensions[dimension].values.count + place
            dimension += 1
            return true
        }
        if declaration.hasPipeline {
            guard let pipeline, take(.pipeline, pipeline) else { return nil }
        }
        if let first, !take(first.name, first.value) { return nil }
        if let second, !take(second.name, second.value) { return nil }
        return dimension == dimensions.count ? index : nil
    }
}

/// One label and its values, each with its place.
struct Dimension: Sendable {
    let name: LabelName
    let values: [String]
    private let places: [String: Int]

    /// Up to so many values are compared one by one, which is quicker than hashing.
    private static let fewValues = 8

    init(_ name: LabelName, _ values: [String]) {
        self.name = name
        self.values = values
        places = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0) })
    }

    func place(of value: String) -> Int? {
        values.count <= Self.fewValues ? values.firstIndex(of: value) : places[value]
    }
}

extension [Dimension] {
    /// Every combination, the last dimension running fastest, as `MetricFamily.cell` counts.
    fileprivate var product: [[LabelValue]] {
        reduce([[]]) { combinations, dimension in
            combinations.flatMap { combination in dimension.values.map { combination + [LabelValue(dimension.name, $0)] } }
        }
    }
}

extension GivenLabelValues {
    fileprivate func values(of label: MetricLabel) -> [String] {
        switch label.values {
        case .closed(let values): values
        case .given:
            switch label.name {
            case .rule: rules.map(\.id).sortedOnce
            case .quota: quotas.sortedOnce
            case .api: apis.sortedOnce
            case .version: [version]
            case .pipeline: pipelines.sortedOnce
            case .channel: channels.sortedOnce
            case .stage, .state, .outcome, .severity, .level, .sink: []
            }
        }
    }

    /// Which series of a sparse family exist from the start; nil for a family that is not sparse.
    fileprivate func expectedFindings(of metric: MetricName) -> Set<Set<LabelValue>>? {
        guard metric == .ruleFindings else { return nil }
        return Set(rules.map { [LabelValue(.rule, $0.id), LabelValue(.severity, $0.severity)] })
    }
}

extension [String] {
    fileprivate var sortedOnce: [String] { Set(self).sorted() }
}
