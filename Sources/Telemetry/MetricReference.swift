import Events

/// The reference page of metrics, made from the same declarations as the series.
public func metricReferenceMarkdown() -> String {
    var page = """
        # Metrics

        Every metric, with the values its labels can have. All series exist at zero from the start, except the severities that a rule does not
        have: those show once they are counted.

        | metric | type | labels | meaning |
        |---|---|---|---|

        """
    for metric in MetricName.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
        let declaration = metric.declaration
        page += "| `\(metric.rawValue)` | \(declaration.kind.rawValue) | \(labels(of: declaration)) | \(meaning(of: declaration)) |\n"
    }
    return page
}

private func labels(of declaration: MetricDeclaration) -> String {
    let pipeline = declaration.hasPipeline ? ["`pipeline`"] : []
    let others = declaration.labels.map { label in
        switch label.values {
        case .closed(let values): "`\(label.name.rawValue)`: " + values.map { "`\($0)`" }.joined(separator: ", ")
        case .given: "`\(label.name.rawValue)`: \(givenValues(of: label.name))"
        }
    }
    return (pipeline + others).joined(separator: "; ")
}

private func givenValues(of label: LabelName) -> String {
    switch label {
    case .pipeline: "the names of the settings"
    case .rule: "the ids of the validation rules"
    case .quota: "the quotas Meta reports"
    case .api: "the calls to Meta"
    case .channel: "the channels of the settings"
    case .version: "the version that runs"
    case .stage, .state, .outcome, .severity, .level, .sink: "a closed list"
    }
}

private func meaning(of declaration: MetricDeclaration) -> String {
    guard declaration.kind == .histogram else { return declaration.help }
    let bounds = declaration.buckets.map { Int(exactly: $0).map(String.init) ?? $0.description }
    return "\(declaration.help) Buckets: \(bounds.joined(separator: ", "))."
}
