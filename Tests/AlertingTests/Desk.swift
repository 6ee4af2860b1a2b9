import Events
import Foundation
import Synchronization
@testable import Alerting

/// A channel that does as it is told and keeps what it took.
final class ScriptedChannel: AlertChannel {
    private let state = Mutex<(taken: [String], refused: Set<String>, isDown: Bool, fellBackFrom: [String])>(([], [], false, []))

    /// `rule kind`, in the order of their coming.
    var taken: [String] { state.withLock { $0.taken } }
    var insteadOf: [String] { state.withLock { $0.fellBackFrom } }
    func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }
    /// What it never takes, such as `errors opened`.
    func refuse(_ messages: Set<String>) { state.withLock { $0.refused = messages } }

    static let down = DeliveryFailure(culprit: "ops: connection refused", remedy: "check that the host is up", isFinal: false)
    static let refusal = DeliveryFailure(culprit: "ops: the receiver answered 400", remedy: "look at the receiver", isFinal: true)

    func send(_ notice: AlertNotice, insteadOf: String?) async throws(DeliveryFailure) {
        let failure = state.withLock { state -> DeliveryFailure? in
            let message = "\(notice.incident.rule) \(notice.kind.rawValue)"
            if state.isDown { return Self.down }
            if state.refused.contains(message) { return Self.refusal }
            state.taken.append(message)
            if let insteadOf { state.fellBackFrom.append(insteadOf) }
            return nil
        }
        if let failure { throw failure }
    }
}

/// Keeps the names of what was reported, and the changes of metrics.
final class EventList: EventSink {
    private let state = Mutex<(names: [String], metrics: [String])>(([], []))
    var names: [String] { state.withLock { $0.names } }
    var metrics: [String] { state.withLock { $0.metrics } }

    func receive(_ event: some Event, in scope: EventScope) {
        var signal = Signal()
        event.describe(to: &signal)
        let changes = signal.changes.map { "\($0.metric.rawValue){\($0.labels.map(\.value).joined(separator: ","))}" }
        state.withLock {
            $0.names.append(event.name.rawValue)
            $0.metrics += changes
        }
    }
}

/// A state folder of its own, and a clock that a test moves.
final class DeskBench: Sendable {
    let path = FileManager.default.temporaryDirectory.appending(path: "vitrine-alerts-\(UUID().uuidString)").path
    let events = EventList()
    private let clock = Mutex(Timestamp.noon)

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var now: Timestamp { clock.withLock { $0 } }
    func pass(_ seconds: Int) { clock.withLock { $0 = $0 + .seconds(seconds) } }

    static let errors = AlertRule(name: "errors", trigger: .figure("errors", above: .number(0), atLeast: nil), channels: ["ops"])

    /// Another process with the same folder.
    func desk(
        _ channels: [String: any AlertChannel], rules: [AlertRule] = [errors], cap: Int = 1000, fallbacks: [String: AlertFallback] = [:]
    ) -> AlertDesk {
        AlertDesk(
            folder: AlertFolder(path: path), policy: AlertPolicy(rules: rules, hourlyCap: cap), channels: channels, fallbacks: fallbacks,
            reporter: Reporter(sink: events), now: { [self] in now }, random: { UInt64.random(in: 0 ... .max) })
    }

    func run(_ id: String, errors: Double) -> RunFacts { .run(id: id, at: now, figures: ["errors": errors]) }
}
