import Alerting
import Events

extension Timestamp {
    static let noon = Timestamp(year: 2026, month: 11, day: 21, hour: 12)
}

extension RunFacts {
    static func run(
        _ state: State = .done, id: String = "r", at time: Timestamp = .noon, figures: [String: Double] = [:], ends: [AlertEnd] = [],
        isOutage: Bool = false, families: [ErrorFamily] = []
    ) -> RunFacts {
        RunFacts(
            pipeline: "shop", runID: id, state: state, endedAt: time, figures: figures, ends: ends, isOutage: isOutage, families: families)
    }
}
