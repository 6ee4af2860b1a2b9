import Engine
import Events
import Synchronization
import Testing

@Suite("What every run says")
struct EventTests {
    @Test("a stage is told from its start to its end, measured, in its scope")
    func stage() async throws {
        let sink = RecordingSink()
        let clock = SteppingClock(noon, step: .milliseconds(250))
        let runner = StageRunner(reporter: Reporter(sink: sink, scope: EventScope(pipeline: "shop", runID: "run-1")), world: clock.world)
        let result = try await runner.run("validate") { reporter in
            reporter.report(EngineEvent.booksUnbalanced("said inside"))
            return 7
        }
        #expect(result == 7)
        #expect(sink.entries.map(\.name) == ["stage.started", "books.unbalanced", "stage.ended"])
        #expect(sink.entries.allSatisfy { $0.scope == EventScope(pipeline: "shop", runID: "run-1", stage: "validate") })
        #expect(sink.entries.last?.signal.changes == [.init(.observe, .stageDuration, 0.25, LabelValue(.stage, "validate"))])
    }

    @Test("a stage that throws is told to its end too, and its error goes on")
    func stageThrows() async {
        let sink = RecordingSink()
        let runner = StageRunner(reporter: Reporter(sink: sink), world: SteppingClock(noon, step: .seconds(1)).world)
        let stop = RunStop(.permission, reason: "token", culprit: "c", detail: "d", remedy: "r")
        await #expect(throws: stop) { try await runner.run("send") { _ in throw stop } }
        #expect(sink.entries.map(\.name) == ["stage.started", "stage.ended"])
    }

    @Test("a stage during which the clock is set back took no time, and not less")
    func clockSetBack() async throws {
        let sink = RecordingSink()
        let runner = StageRunner(reporter: Reporter(sink: sink), world: SteppingClock(noon, step: .seconds(-3_600)).world)
        try await runner.run("send") { _ in }
        #expect(sink.entries.last?.signal.changes.map(\.value) == [0])
    }

    static let books =
        "read=103 rejected=2 superseded=0 unchanged=0 held=0 sent=101 pending=0 accepted=100 warned=0 refused=1 unknown=0"

    /// Level, message, fields in their order, then a line for each change of a metric: what people grep for and dashboards show.
    static let golden: [[String]] = [
        ["info Run started. version=0.1.0"],
        ["info Run resumed from its journal. count=12"],
        [
            "info Run ended: done_with_errors. state=done_with_errors \(books) duration_ms=12500", "add vitrine_runs_total state=done_with_errors 1.0",
            "add vitrine_rows_held_total 0.0",
            "set vitrine_run_duration_seconds 12.5", "set vitrine_unaccounted_rows 0.0",
            "set vitrine_last_completion_timestamp_seconds 1795219200.0",
        ],
        [
            "info Run ended: done. state=done \(books) duration_ms=12500", "add vitrine_runs_total state=done 1.0",
            "add vitrine_rows_held_total 0.0",
            "set vitrine_run_duration_seconds 12.5", "set vitrine_unaccounted_rows 0.0",
            "set vitrine_last_completion_timestamp_seconds 1795219200.0", "set vitrine_last_success_timestamp_seconds 1795219200.0",
        ],
        [
            "error Run stopped: Meta does not accept the access token (190). reason=token culprit=catalog 1234567890"
                + " remedy=Make a new system user token and set it in META_ACCESS_TOKEN"
        ],
        [
            "error Run could not begin: Meta does not accept the access token (190). reason=token culprit=catalog 1234567890"
                + " remedy=Make a new system user token and set it in META_ACCESS_TOKEN", "add vitrine_runs_total state=failed 1.0",
        ],
        ["info Late verdicts amended the books of this run. state=done \(books)"],
        ["debug Stage started."],
        ["info Stage ended. duration_ms=250", "observe vitrine_stage_duration_seconds stage=validate 0.25"],
        [
            "error THE BOOKS DO NOT BALANCE. This is a defect of Vitrine: keep the run folder and report it."
                + " reason=101 rows sent, but 100 items sent"
        ],
        ["warning Another run holds the lease; this one ends. culprit=run 20261121T080000Z-3fa4c1 (shop-1:4711)"],
        ["debug A run is at work.", "set vitrine_run_started_timestamp_seconds 1795219200.0"],
        ["debug No run is at work any more.", "set vitrine_run_started_timestamp_seconds 0.0"],
    ]

    @Test("each event says exactly this", arguments: 0..<13)
    func goldenLines(_ place: Int) throws {
        try #require(EngineEvent.examples.count == Self.golden.count)
        var signal = Signal()
        EngineEvent.examples[place].describe(to: &signal)
        #expect(signal.text == Self.golden[place])
    }

    @Test("a run that ended says success only where all went well", arguments: RunState.allCases)
    func success(state: RunState) {
        var signal = Signal()
        EngineEvent.runEnded(state: state, books: Books(), seconds: 1, endedAt: noon).describe(to: &signal)
        #expect(signal.changes.contains { $0.metric == .lastSuccess } == (state == .done || state == .nothingToDo))
        #expect(signal.changes.contains { $0.metric == .lastCompletion })
        #expect((signal.level == .error) == (state == .failed))
    }
}

/// Goes on by a step at each look.
private final class SteppingClock: Sendable {
    private let time: Mutex<Timestamp>
    private let step: Duration

    init(_ start: Timestamp, step: Duration) {
        time = Mutex(start)
        self.step = step
    }

    var world: World {
        World(
            now: {
                self.time.withLock { time in
                    defer { time = time + self.step }
                    return time
                }
            }, sleep: { _ in }, random: { 0 })
    }
}

extension Signal {
    fileprivate var text: [String] {
        let line = ([level.name, message] + fields.map { "\($0.name.rawValue)=\($0.value.text)" }).joined(separator: " ")
        return [line] + changes.map { change in
            let labels = change.labels.map { " \($0.name.rawValue)=\($0.value)" }.joined()
            return "\(change.kind) \(change.metric.rawValue)\(labels) \(change.value)"
        }
    }
}

extension Signal.Value {
    fileprivate var text: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .flag(let value): "\(value)"
        case .text(let value): value
        }
    }
}
