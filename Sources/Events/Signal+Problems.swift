extension Signal {
    /// What does not fit the catalogue of metrics, as sentences; empty when all is well. For the test that walks the examples of every event
    /// family: what it finds would be counted as dropped at run time.
    public var problems: [String] {
        var found = changes.compactMap(\.problem)
        if message.isEmpty { found.append("says no message") }
        var seen: Set<FieldName> = []
        for field in fields where !seen.insert(field.name).inserted { found.append("gives the field \(field.name.rawValue) twice") }
        return found
    }
}

extension Signal.MetricChange {
    /// Why this change does not fit the metric's declaration; nil when it does.
    public var problem: String? {
        let declaration = metric.declaration
        guard kind == declaration.kind.change || kind == .revise && declaration.kind == .counter else {
            return "\(metric.rawValue) is a \(declaration.kind.rawValue) and cannot take .\(kind)"
        }
        guard labels.map(\.name) == declaration.labelNames else {
            return "\(metric.rawValue) wants the labels \(declaration.labelNames.map(\.rawValue)), got \(labels.map(\.name.rawValue))"
        }
        for (label, given) in zip(declaration.labels, labels) {
            if case .closed(let values) = label.values, !values.contains(given.value) {
                return "\(metric.rawValue) has no \(label.name.rawValue)=\"\(given.value)\"; one of \(values)"
            }
        }
        return nil
    }
}

extension MetricDeclaration.Kind {
    /// The one kind of change that this kind of metric takes.
    public var change: Signal.MetricChange.Kind {
        switch self {
        case .counter: .add
        case .gauge: .set
        case .histogram: .observe
        }
    }
}
