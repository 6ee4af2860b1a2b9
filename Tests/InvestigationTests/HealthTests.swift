@testable import CatalogSync
import Engine
import Events
import Testing

@testable import Investigation

@Suite("How a pipeline stands")
struct HealthTests {
    private static func status(_ state: RunState?, at start: Timestamp = noon, code: String = "", balanced: Bool = true) -> PipelineStatus {
        var status = PipelineStatus.unknown("shop")
        if let state {
            var report = SyncReport(runID: "r1", pipeline: "shop", state: state, startedAt: start)
            report.balanced = balanced
            if !code.isEmpty {
                report.error = .init(RunStop(ExitCode.allCases.first { $0.name == code } ?? .internalError, reason: "r", culprit: "c", detail: "d", remedy: "m"))
            }
            status.lastRun = PipelineStatus.Run(report)
        }
        return status
    }

    @Test("is judged by its last run", arguments: [
        (nil, "", true, Health.Level.warning), (.done, "", true, .ok), (.nothingToDo, "", true, .ok), (.doneWithErrors, "", true, .warning),
        (.validationFailed, "", true, .critical), (.held, "", true, .ok), (.failed, "try_again_later", true, .warning),
        (.failed, "service_unavailable", true, .warning), (.failed, "permission", true, .critical), (.failed, "cannot_write", true, .critical),
        (.done, "", false, .critical), (.running, "", true, .ok),
    ] as [(RunState?, String, Bool, Health.Level)])
    func lastRun(state: RunState?, code: String, balanced: Bool, level: Health.Level) {
        let health = HealthJudge(now: noon).judge(Self.status(state, code: code, balanced: balanced))
        #expect(health.level == level)
        #expect(health.problems.allSatisfy { !$0.text.isEmpty && !$0.remedy.isEmpty })
        #expect((level == .ok) == health.problems.isEmpty)
    }

    /// Hourly, on the hour.
    private static let hourly: @Sendable (Timestamp) -> Timestamp? = { moment in
        Timestamp(nanoseconds: (moment.nanoseconds / 3_600_000_000_000 + 1) * 3_600_000_000_000)
    }

    @Test("is late when a time of its schedule passed without a run, and critical at the second one", arguments: [
        (59, Health.Level.ok), (74, .ok), (76, .warning), (134, .warning), (136, .critical), (10_000, .critical),
    ])
    func overdue(minutes: Int, level: Health.Level) {
        let judge = HealthJudge(now: noon + .seconds(minutes * 60), nextTime: Self.hourly)
        #expect(judge.judge(Self.status(.done)).level == level)
        #expect(HealthJudge(now: noon + .seconds(minutes * 60)).judge(Self.status(.done)).level == .ok, "without a schedule nothing is late")
    }

    @Test("is not late while it is paused, and says that it is paused")
    func paused() {
        var status = Self.status(.done)
        status.paused = Pause(pipeline: "shop", author: "ana", reason: "stock-taking", since: noon, until: nil)
        let health = HealthJudge(now: noon + .seconds(86_400), nextTime: Self.hourly).judge(status)
        #expect(health.level == .warning && health.problems.count == 1)
        #expect(health.problems.first?.text.contains("ana") == true)
    }

    @Test("needs a person while a run is held, and a run once it is released")
    func held() {
        var status = Self.status(.held)
        status.held = Hold(runID: "r1", pipeline: "shop", startedAt: noon, since: noon, why: "much would turn out of stock", guards: [])
        let health = HealthJudge(now: noon).judge(status)
        #expect(health.level == .critical && health.problems.first?.remedy.contains("vitrine release r1") == true)
        status.held?.release = Hold.Release(author: "ana", reason: "stock-taking", at: noon)
        let released = HealthJudge(now: noon).judge(status)
        #expect(released.level == .warning && released.problems.first?.text.contains("ana") == true)
    }

    @Test("warns of a file that waits for a day")
    func waiting() {
        var status = Self.status(.done)
        status.landing = LandingBacklog(files: 1, bytes: 1, oldest: noon, others: 0)
        #expect(HealthJudge(now: noon + .seconds(86_400)).judge(status).level == .ok)
        #expect(HealthJudge(now: noon + .seconds(86_401)).judge(status).level == .warning)
    }

    @Test("tells the worst first")
    func order() {
        var status = Self.status(.validationFailed)
        status.incidents = ["many-refused: 9 of 10"]
        #expect(HealthJudge(now: noon).judge(status).problems.map(\.level) == [.critical, .warning])
    }

    @Test("from the ledger: last run, last success, products by state")
    func facts() throws {
        try withLedger { ledger in
            let questions = Questions(ledger: ledger)
            #expect(try questions.status(pipeline: "shop") == .unknown("shop"))
            try ledger.take(1, [receipt("a", .accepted), receipt("b", .refused)])
            try ledger.take(2, [], state: .doneWithErrors)
            try ledger.take(3, [], pipeline: "other")
            let status = try questions.status(pipeline: "shop")
            #expect(status.lastRun?.runID == "run-2" && status.lastRun?.state == .doneWithErrors)
            #expect(status.lastSuccess == time(1))
            #expect(status.products.accepted == 1 && status.products.refused == 1)
        }
    }
}

@Suite("Refusals over time")
struct FamilyTests {
    @Test("are summed by family and span, the most frequent first")
    func spans() throws {
        try withLedger { ledger in
            for (minute, counts) in [(1, ["A": 2]), (5, ["A": 1, "B": 9]), (9, ["B": 1]), (30, ["A": 99])] {
                var report = SyncReport(runID: "", pipeline: "shop", state: .done, startedAt: noon)
                report.refusals = counts.sorted { $0.key < $1.key }.map { .init(family: $0.key, count: $0.value, examples: []) }
                try ledger.take(minute, [], report: report)
            }
            let history = try Questions(ledger: ledger).refusals(pipeline: "shop", from: noon, to: time(10), spans: 2)
            #expect(history.starts == [noon, time(5)] && history.spanSeconds == 300)
            #expect(history.series.map(\.family) == ["B", "A"])
            #expect(history.series.map(\.counts) == [[0, 10], [2, 1]])
        }
    }

    @Test("beyond a dozen families the rest is one, and nothing is lost")
    func other() throws {
        try withLedger { ledger in
            var report = SyncReport(runID: "", pipeline: "shop", state: .done, startedAt: noon)
            report.refusals = (1...20).map { .init(family: "F\($0)", count: $0, examples: []) }
            try ledger.take(1, [], report: report)
            let series = try Questions(ledger: ledger).refusals(pipeline: "shop", from: noon, to: time(10), spans: 1).series
            #expect(series.count == Questions.mostFamilies + 1 && series.last?.family == Questions.otherFamilies)
            #expect(series.reduce(0) { $0 + $1.total } == 210)
        }
    }
}
