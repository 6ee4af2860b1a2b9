import Events
import FoundationEssentials
import Settings
import Telemetry

extension PipelineFactory {
    /// Nil where the settings do not switch it on. - Throws: `TransportError` where libcurl cannot be started.
    func cloudWatch() throws -> CloudWatchTelemetry? {
        let settings = loaded.settings.telemetry.cloudWatch
        guard settings.enabled else { return nil }
        return CloudWatchTelemetry(
            session: try aws.session(), namespace: settings.namespace, logGroup: settings.logGroup, stream: Environment.processName.replacing(":", with: "/"),
            retention: settings.logRetention, world: aws.world)
    }
}

extension AppSession {
    /// How long a process that was told to stop waits for CloudWatch: it has to be gone within five seconds.
    static let hurriedDelivery = Duration.seconds(3)

    /// At the end of the process. Not in the task that may have been told to stop: what a run has to say of its end is to arrive all the same.
    func deliverLast() async {
        guard let cloudWatch else { return }
        let bound = Task.isCancelled ? Self.hurriedDelivery : CloudWatchExporter.bound
        // Waited for, and over within its bound.
        await Task { [telemetry] in await cloudWatch.deliver(isLast: true, within: bound, reporter: telemetry.reporter) }.value
    }
}

extension TelemetrySettings.Prometheus {
    var secrets: [SecretReference] { [bearerToken, login?.password].compactMap(\.self) }
}
