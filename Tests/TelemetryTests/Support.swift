import Events
import Telemetry

/// A family of events for these tests.
enum ProbeEvent: Event {
    case told(String)
    case counted(MetricName, [LabelValue])
    case full

    enum Name: String, EventName { case told = "probe.told", counted = "probe.counted", full = "probe.full" }

    static let examples: [ProbeEvent] = [.told("hello"), .counted(.handleErrors, []), .full]

    var name: Name {
        switch self {
        case .told: .told
        case .counted: .counted
        case .full: .full
        }
    }

    func describe(to signal: inout Signal) {
        switch self {
        case .told(let text): signal.say(.info, text)
        case .counted(let metric, let labels):
            signal.say(.debug, "counted")
            signal.add(metric, 1, labels.first, labels.dropFirst().first)
        case .full:
            signal.say(.warning, "Row 7 of stock.csv was refused by Meta")
            signal.field(.file, "stock.csv")
            signal.field(.row, 7)
            signal.field(.productID, "SKU-1")
            signal.field(.usedRatio, 0.25)
            signal.field(.outcome, true)
        }
    }
}

/// 2026-11-21T07:55:00.123Z
let noon = Timestamp(year: 2026, month: 11, day: 21, hour: 7, minute: 55) + .milliseconds(123)

func line(_ signal: Signal, scan: String? = nil, scope: EventScope = EventScope()) -> String {
    var encoder = LogLineEncoder(scan: CredentialScan(secrets: scan.map { [Secret($0)] } ?? []))
    encoder.encode(signal, event: "probe.told", at: noon, in: scope, sequence: 1)
    return String(decoding: encoder.line, as: UTF8.self)
}

func line(message: String, secret: String? = nil) -> String {
    var signal = Signal()
    signal.say(.info, message)
    return line(signal, scan: secret)
}

let givenValues = GivenLabelValues(
    pipelines: ["shop", "a\"b\\c"], rules: [.init(id: "T01", severity: "error"), .init(id: "T03", severity: "warn")], quotas: ["batch"],
    apis: ["items_batch"], channels: ["ops"], version: "1.0.0")
