import Alerting
import Engine
import Events
import Settings
import Telemetry

extension PipelineFactory {
    /// As `rule: words`, the worst first.
    func openIncidents(of pipeline: String) async throws -> [String] {
        let state = try sharedState()
        try await state.fetch()
        do throws(AlertStoreError) {
            return try AlertFolder(path: state.folder).read().book.open.filter { $0.pipeline == pipeline }.map { "\($0.rule): \($0.reason)" }
        } catch {
            throw RunStop(.cannotWrite, reason: "alerts", culprit: error.culprit, detail: "the state of the alerts cannot be read", remedy: error.remedy)
        }
    }
}

extension AppSession {
    /// At the end of the process: deadlines are looked at, and what is to be told goes out, within a bound. Not in the task that may have been
    /// told to stop: that a run was stopped is to arrive all the same.
    func tellPeople() async {
        guard alerts.isAtWork else { return }
        let isHurried = Task.isCancelled
        // Waited for, and over within its bound.
        await Task { [alerts] in
            _ = await Bounded.within(isHurried ? Self.hurriedDelivery : AlertOffice.bound) {
                await alerts.look()
                await alerts.deliver()
            }
        }.value
    }
}
