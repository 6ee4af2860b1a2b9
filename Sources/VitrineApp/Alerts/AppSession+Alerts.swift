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
    /// At the end of the process: what is to be told goes out and deadlines are looked at, within a bound. Not in the task that may have been
    /// told to stop: that a run was stopped is to arrive all the same.
    func tellPeople(within bound: Duration) async {
        guard alerts.isAtWork else { return }
        // Waited for, and over within its bound.
        await Task { [alerts] in
            await LastWords(bound: bound, look: { await alerts.look() }, deliver: { await alerts.deliver() }).say()
        }.value
    }
}

/// What a process does about alerts before it ends. What is known already goes first: to look at deadlines can take as long as a store takes to
/// list all there is, and that must keep no message back.
struct LastWords: Sendable {
    /// For all of it; a third of that for the look.
    let bound: Duration
    let look: @Sendable () async -> Void
    let deliver: @Sendable () async -> Void

    func say() async {
        _ = await Bounded.within(bound) {
            await deliver()
            _ = await Bounded.within(bound / 3) { await look() }
            await deliver()
        }
    }
}
