import Events
import Telemetry

/// A hub in which one run has moved everything a little, and each series differently.
func busyHub(_ values: GivenLabelValues = givenValues, created: Timestamp? = noon, recordSinks: [any RecordSink] = [], scan: CredentialScan = CredentialScan()) -> TelemetryHub {
    let hub = TelemetryHub(
        registry: MetricRegistry(values, created: created), outputs: [], recordSinks: recordSinks, scan: scan, clock: { noon + .milliseconds(500) }, spanID: { 0xABCD })
    hub.receive(RunProbe.begun, in: RunProbe.scope)
    var number = 1.0
    for family in hub.registry.families where family.metric != .buildInfo {
        for series in family.series where !(family.metric == .ruleFindings && series.labels.contains { $0.value == "hold" }) {
            let own = series.labels.filter { $0.name != .pipeline }
            let pipeline = series.labels.first { $0.name == .pipeline }?.value
            for step in 0..<(family.declaration.kind == .histogram ? 3 : 1) {
                number += 1
                // Of a histogram: below all bounds, on a bound, and anywhere.
                let value = family.declaration.kind == .histogram && step < 2 ? [0.0005, 1][step] : number
                let change = Signal.MetricChange(family.declaration.kind.change, family.metric, value, own.first, own.dropFirst().first)
                hub.receive(RunProbe.changed(change), in: EventScope(pipeline: pipeline, runID: "r-1", stage: "send"))
            }
        }
    }
    return hub
}

enum RunProbe: Event {
    case begun
    case ended
    case stageBegun
    case stageEnded(failed: Bool)
    case batchBegun(String)
    case batchEnded(String)
    case called(batch: String, seconds: Double, failed: Bool)
    case changed(Signal.MetricChange)
    case said(String)

    static let scope = EventScope(pipeline: "shop", runID: "r-1")
    static let inStage = EventScope(pipeline: "shop", runID: "r-1", stage: "send")

    enum Name: String, EventName { case probe = "probe.run" }
    static let examples: [RunProbe] = [.begun]
    var name: Name { .probe }

    func describe(to signal: inout Signal) {
        switch self {
        case .begun:
            signal.say(.info, "Begun")
            signal.begin(.run)
        case .ended:
            signal.say(.info, "Ended")
            signal.end(.run)
        case .stageBegun:
            signal.say(.debug, "Stage begun")
            signal.begin(.stage)
        case .stageEnded(let failed):
            signal.say(.info, "Stage ended")
            signal.end(.stage, failed: failed)
        case .batchBegun(let name):
            signal.say(.debug, "Batch begun")
            signal.begin(.batch, name)
        case .batchEnded(let name):
            signal.say(.info, "Batch ended")
            signal.field(.batch, name)
            signal.end(.batch, name)
        case .called(let batch, let seconds, let failed):
            signal.say(.debug, "Called")
            signal.field(.api, "items_batch")
            signal.field(.method, "POST")
            signal.field(.url, "https://graph.example:8443/v26.0/1/items_batch?locale=REDACTED")
            signal.field(.outcome, failed ? "transient" : "ok")
            signal.field(.attempt, failed ? 1 : 2)
            signal.field(.httpStatus, failed ? 503 : 200)
            signal.whole(.call, seconds: seconds, of: batch, failed: failed)
        case .changed(let change):
            signal.say(.debug, "Changed")
            switch change.kind {
            case .add: signal.add(change.metric, Int(change.value), change.first, change.second)
            case .set: signal.set(change.metric, change.value, change.first, change.second)
            case .observe: signal.observe(change.metric, change.value, change.first, change.second)
            case .revise: signal.revise(change.metric, by: Int(change.value), change.first, change.second)
            }
        case .said(let text):
            signal.say(.info, text)
            signal.field(.reason, text)
        }
    }
}
