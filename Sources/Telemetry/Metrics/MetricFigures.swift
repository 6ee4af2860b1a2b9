import Events

/// Figures that outlive a process, each under a name of its own: `vitrine_items_total{pipeline="shop",outcome="accepted"}`, and for the parts
/// of a histogram with `le="0.5"` or `part="sum"` behind its labels. The values are the registry's cells as they are.
public typealias MetricFigures = [String: UInt64]

extension MetricSnapshot {
    /// How far the counters and histograms have come since an earlier snapshot, or since they began. What has not moved is left out.
    public func increments(since earlier: MetricSnapshot?) -> MetricFigures {
        let before = earlier?.figures { $0 != .gauge } ?? [:]
        return figures { $0 != .gauge }.reduce(into: [:]) { found, figure in
            let increment = figure.value &- (before[figure.key] ?? 0)
            if increment != 0 { found[figure.key] = increment }
        }
    }

    /// The gauges of these pipelines that somebody has set, as bits of a `Double`.
    public func gauges(of pipelines: Set<String>) -> MetricFigures { figures(of: pipelines) { $0 == .gauge } }

    /// The same series with other values where there are any: totals from earlier processes, gauges of pipelines that this one does not run.
    public func replacing(_ figures: MetricFigures) -> MetricSnapshot {
        var cells = cells
        for family in families {
            for (name, cell) in family.figureNames { if let value = figures[name] { cells[cell] = value } }
        }
        return MetricSnapshot(families: families, catalogue: catalogue, cells: cells, library: library, exemplars: exemplars)
    }

    private func figures(of pipelines: Set<String>? = nil, _ isWanted: (MetricDeclaration.Kind) -> Bool) -> MetricFigures {
        var found: MetricFigures = [:]
        for family in families where isWanted(family.declaration.kind) {
            for (name, cell) in family.figureNames(of: pipelines) where !unset.contains(cell) { found[name] = cells[cell] }
        }
        return found
    }
}

extension MetricFamily {
    fileprivate var figureNames: [(name: String, cell: Int)] { figureNames(of: nil) }

    /// - Parameter pipelines: nil for all series; else those of these pipelines only.
    fileprivate func figureNames(of pipelines: Set<String>?) -> [(name: String, cell: Int)] {
        series.indices.flatMap { index -> [(name: String, cell: Int)] in
            if let pipelines, !series[index].labels.contains(where: { $0.name == .pipeline && pipelines.contains($0.value) }) { return [] }
            let cell = firstCell + index * cellsPerSeries
            let labels = series[index].labels.map { "\($0.name.rawValue)=\"\($0.value)\"" }
            return parts.enumerated().map { offset, part in
                ("\(metric.rawValue){\((labels + (part.isEmpty ? [] : [part])).joined(separator: ","))}", cell + offset)
            }
        }
    }

    /// What each cell of a series holds.
    private var parts: [String] {
        guard declaration.kind == .histogram else { return [""] }
        return declaration.buckets.map { "le=\"\($0)\"" } + ["le=\"+Inf\"", "part=\"sum\""]
    }
}
