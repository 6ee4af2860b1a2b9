import Alerting
import CatalogSync
import Engine
import Events
import Settings
import Synchronization

/// Follows one call of a run: tells the dead-man switch and the rules of it, each end once.
final class RunAlerts: RunWitness {
    private let office: AlertOffice
    private let pipeline: PipelineSettings
    private let deadMan: DeadManSwitch?
    private let reporter: Reporter
    private let state = Mutex(State())

    private struct State {
        /// Runs whose report the rules have seen.
        var seen: Set<String> = []
        /// The dead-man switch is being told that the run began. Unstructured, because the run must not wait for it; its end does.
        var start: Task<Void, Never>?
        var runID: String?
        /// A refused token may be an old one: who can fetch another one tries it first.
        var withholdsToken = false
        /// Runs with a report whose end the rules have not seen yet.
        var withheld: Set<String> = []
    }

    init(office: AlertOffice, pipeline: PipelineSettings, reporter: Reporter) {
        self.office = office
        self.pipeline = pipeline
        self.reporter = reporter.scoped(pipeline: pipeline.name)
        deadMan = office.deadMan(of: pipeline)
        state.withLock { $0.withholdsToken = pipeline.catalog.secrets.contains(where: \.isRemote) }
    }

    func began(runID: String) async {
        guard let deadMan else { return state.withLock { $0.runID = runID } }
        state.withLock { state in
            // Settling begins nothing that this call was asked for.
            guard state.start == nil else { return }
            state.runID = runID
            let reporter = reporter.scoped(runID: runID)
            state.start = Task { await deadMan.tell(.start, runID: runID, reporter: reporter) }
        }
    }

    func closing(_ report: SyncReport, isAmendment: Bool) async -> [String] {
        let isWithheld = state.withLock { state in
            if state.withholdsToken, report.error?.reason == "token" {
                state.withheld.insert(report.runID)
                return true
            }
            if !isAmendment { state.seen.insert(report.runID) }
            return false
        }
        return isWithheld ? [] : await office.observe(report, of: pipeline, isAmendment: isAmendment)
    }

    /// From here on a refused token is what it says.
    func believeToken() { state.withLock { $0.withholdsToken = false } }

    /// The call is over. A run that came to no report of its own, or whose end was withheld, is told here.
    func ended(_ report: inout SyncReport) async {
        let (isSeen, isStored, start, begunID) = state.withLock { ($0.seen.contains(report.runID), $0.withheld.contains(report.runID), $0.start, $0.runID) }
        if !isSeen, report.state == .failed, !Self.isNobodysNews(report) {
            var shown = report
            // Runs without a name are different runs, and no command knows them.
            if shown.runID.isEmpty {
                let name = RunID.make(at: report.startedAt, random: UInt64(bitPattern: report.startedAt.nanoseconds))
                shown.runID = "not-begun-\(name)"
            }
            report.alerts += await office.observe(shown, of: pipeline, isAmendment: false, isStored: isStored).filter { !report.alerts.contains($0) }
        }
        guard let deadMan, report.state != .running, report.state != .planned, !Self.isNobodysNews(report) else { return await start?.value ?? () }
        await start?.value
        // The stored report of a run that ended long ago is no end.
        guard isSeen || begunID != nil || report.state == .failed else { return }
        let isGood = PipelineFactsReader.successes.contains(report.state) && report.balanced
        let reporter = reporter.scoped(runID: report.runID), runID = report.runID
        let bound = Task.isCancelled ? LastMoments.hurriedPeople : DeadManSwitch.bound
        // Not in the task that may have been told to stop: just that is to be told. Waited for, and over within its bound.
        await Task { _ = await Bounded.within(bound) { await deadMan.tell(isGood ? .success : .fail, runID: runID, reporter: reporter) } }.value
    }

    /// Somebody else is at work, somebody said wait, or somebody asked wrongly: nothing has gone wrong with the pipeline. Nor is it news that an
    /// earlier run is still held: who has to know was told when it was.
    private static func isNobodysNews(_ report: SyncReport) -> Bool {
        if report.state == .failed, report.error?.reason == Hold.reason { return true }
        return report.error.map { ["paused", "lease_held"].contains($0.reason) || $0.code == ExitCode.usage.name } ?? false
    }
}
