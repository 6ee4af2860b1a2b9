import Alerting
import CatalogSync
public import Engine
import Settings

/// `vitrine alerts test CHANNEL`: one message that says it is a test, at once.
public struct AlertsTestCommand: Sendable {
    private let channel: String
    private let options: CommonOptions
    private let world: World

    public init(channel: String, options: CommonOptions, world: World = .real) {
        self.channel = channel
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        let channel: String
        let delivered: Bool
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(channel: "", delivered: false)) }

    public func execute() async -> Outcome {
        do {
            let alerts = try await AlertsAtHand(options, world: world, tells: true)
            defer { alerts.end() }
            let names = alerts.loaded.settings.alerts.channels.map(\.name)
            guard names.contains(channel) else {
                throw RunStop(
                    .usage, reason: "channel", culprit: Shown.line(channel), detail: "\(alerts.loaded.settings.file) has no channel of this name",
                    remedy: names.isEmpty ? "Add one under alerts.channels." : "It has: \(names.joined(separator: ", ")).")
            }
            do throws(DeliveryFailure) { try await alerts.office.desk.test(channel) } catch {
                throw RunStop(.serviceUnavailable, reason: "not_delivered", culprit: "channel \(channel)", detail: error.culprit, remedy: error.remedy)
            }
            return Outcome(
                code: .success, text: "The channel \(channel) took a test message. Look whether it has arrived.\n",
                json: JSONDocument.bytes(Document(channel: channel, delivered: true)))
        } catch {
            return .failure(RunStop(alerts: error), Document(channel: channel, delivered: false))
        }
    }
}
