import CatalogSync
import Engine
import Events
import Telemetry

/// The counters that one run made, from its report. Gauges are the pipeline's and not a run's: `FigureSeed` has them.
struct RunFigures {
    let report: SyncReport

    func sow(in registry: MetricRegistry) {
        add(registry, .rowsValidated, report.rows.read - report.rows.rejected, LabelValue(.outcome, "valid"))
        add(registry, .rowsValidated, report.rows.rejected, LabelValue(.outcome, "rejected"))
        add(registry, .rowsHeld, report.rows.held)
        add(registry, .items, report.items.accepted, LabelValue(.outcome, "accepted"))
        add(registry, .items, report.items.refused, LabelValue(.outcome, "refused"))
        add(registry, .items, report.items.unknown, LabelValue(.outcome, "unknown"))
        add(registry, .itemsWarned, report.items.warned)
        add(registry, .handleErrors, report.handleErrors)
        add(registry, .handleWarnings, report.handleWarnings)
        if report.state != .running { add(registry, .runs, 1, LabelValue(.state, report.state.rawValue)) }
        for finding in report.findings { add(registry, .ruleFindings, finding.count, LabelValue(.rule, finding.rule), LabelValue(.severity, finding.severity)) }
    }

    private func add(_ registry: MetricRegistry, _ metric: MetricName, _ amount: Int, _ first: LabelValue? = nil, _ second: LabelValue? = nil) {
        registry.apply(.init(.add, metric, Double(amount), first, second), pipeline: report.pipeline)
    }
}
