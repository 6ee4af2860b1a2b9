import Events
import Foundation
import Testing
@testable import Alerting

@Suite("The dispatcher and its outbox")
struct DeskTests {
    let bench = DeskBench()
    let ops = ScriptedChannel()
    let pager = ScriptedChannel()

    @Test("one bad run is one message, however often it is judged and delivered")
    func once() async throws {
        let desk = bench.desk(["ops": ops])
        try desk.observe(bench.run("r1", errors: 3), facts: nil)
        try desk.observe(bench.run("r1", errors: 3), facts: nil)
        let delivery = try await desk.deliver()
        _ = try await desk.deliver()
        #expect(ops.taken == ["errors opened"])
        #expect(delivery == AlertDesk.Delivery(sent: 1, failed: 0, waiting: 0, next: nil))
        #expect(bench.events.names == ["alert.opened", "alert.sent"])
        #expect(bench.events.metrics == ["vitrine_alerts_sent_total{ops,sent}"])
    }

    @Test("a receiver that is down for three runs hears everything once and in order when it is back")
    func down() async throws {
        ops.setDown(true)
        for (number, errors) in [1, 5, 0].enumerated() {
            // Each run is a process of its own.
            let desk = bench.desk(["ops": ops])
            try desk.observe(bench.run("r\(number)", errors: Double(errors)), facts: nil)
            let delivery = try await desk.deliver()
            #expect(delivery.failed == 1 && delivery.waiting == number + 1)
            bench.pass(3600)
        }
        ops.setDown(false)
        let delivery = try await bench.desk(["ops": ops]).deliver()
        #expect(delivery.sent == 3 && delivery.waiting == 0)
        #expect(ops.taken == ["errors opened", "errors worse", "errors resolved"])
        #expect(bench.events.metrics.filter { $0.contains("failed") }.count == 3)
    }

    @Test("between two attempts there is a pause, and it grows")
    func backoff() async throws {
        ops.setDown(true)
        let desk = bench.desk(["ops": ops])
        try desk.observe(bench.run("r1", errors: 1), facts: nil)
        var pauses: [Duration] = []
        for _ in 0..<9 {
            let next = try #require(try await desk.deliver().next)
            let pause = next - bench.now
            #expect(try await desk.deliver().failed == 0, "not due yet")
            pauses.append(pause)
            bench.pass(Int(pause.components.seconds) + 1)
        }
        for (number, pause) in pauses.enumerated() {
            let full = min(Outbox.firstPause * (1 << number), Outbox.longestPause)
            #expect(pause >= full / 2 && pause <= full)
        }
    }

    @Test("a channel that stays down is stood in for, once and only after its time; it hears everything itself when it is back")
    func fallback() async throws {
        ops.setDown(true)
        let desk = bench.desk(["ops": ops, "pager": pager], fallbacks: ["ops": AlertFallback(channel: "pager", after: .seconds(900))])
        try desk.observe(bench.run("r1", errors: 1), facts: nil)
        _ = try await desk.deliver()
        bench.pass(899)
        _ = try await desk.deliver()
        #expect(pager.taken.isEmpty)
        bench.pass(3600)
        for _ in 0..<3 {
            _ = try await desk.deliver()
            bench.pass(3600)
        }
        #expect(pager.taken == ["errors opened"] && pager.insteadOf == ["ops"])
        ops.setDown(false)
        _ = try await desk.deliver()
        #expect(ops.taken == ["errors opened"])
        #expect(pager.taken.count == 1)
        #expect(bench.events.names.count { $0 == "alert.fell_back" } == 1)
    }

    @Test("a message that its receiver refuses holds nothing back, in the same pass and in later ones; it alone is told through the second channel")
    func refused() async throws {
        ops.refuse(["errors opened"])
        func desk() -> AlertDesk { bench.desk(["ops": ops, "pager": pager], fallbacks: ["ops": AlertFallback(channel: "pager")]) }
        try desk().observe(bench.run("r0", errors: 1), facts: nil)
        try desk().observe(bench.run("r1", errors: 5), facts: nil)
        let first = try await desk().deliver()
        #expect(ops.taken == ["errors worse"] && first.sent == 1 && first.failed == 1 && first.waiting == 2)
        bench.pass(1)
        _ = try await desk().deliver()
        #expect(pager.taken == ["errors opened"] && pager.insteadOf == ["ops"])
        for number in 2...3 {
            // Longer than any pause: what was refused is due again, too.
            bench.pass(3600)
            try desk().observe(bench.run("r\(number)", errors: Double(number * 50 - 100)), facts: nil)
            _ = try await desk().deliver()
        }
        #expect(ops.taken == ["errors worse", "errors resolved"], "r3 opens it again, which is refused like the first")
        ops.refuse([])
        bench.pass(3600)
        #expect(try await desk().deliver().waiting == 0)
        #expect(ops.taken == ["errors worse", "errors resolved", "errors opened", "errors opened"])
    }

    @Test("a channel that is down behind a refusal keeps its order, and what it refused is tried again in its time")
    func refusals() throws {
        var outbox = Outbox()
        var book = IncidentBook()
        var notice = try #require(book.observe(bench.run("r1", errors: 1), facts: nil, policy: AlertPolicy(rules: [DeskBench.errors]), at: .noon).notices.first)
        var ids: [String] = []
        for number in 0..<3 {
            notice.incident.messages = number
            _ = outbox.add([notice], channels: ["ops"], at: .noon)
            ids.append(notice.id + "@ops")
        }
        func claim(_ seconds: Int) -> String? { outbox.claim("ops", owner: "me", at: .noon + .seconds(seconds))?.id }
        func fail(_ id: String, isFinal: Bool, _ seconds: Int) { _ = outbox.failed(id, isFinal: isFinal, owner: "me", jitter: 1, fallbacks: [:], at: .noon + .seconds(seconds)) }
        #expect(claim(0) == ids[0])
        fail(ids[0], isFinal: true, 0)
        #expect(claim(0) == ids[1])
        fail(ids[1], isFinal: false, 10)
        #expect(claim(10) == nil && outbox.due(at: .noon + .seconds(10)) == [] && outbox.next() == .noon + .seconds(30))
        #expect(claim(30) == ids[0], "the third waits for the second")
        fail(ids[0], isFinal: true, 30)
        #expect(claim(40) == ids[1])
    }

    @Test("a channel that refuses everything is asked only so often in one pass")
    func refusesAll() async throws {
        let rules = (0..<9).map { AlertRule(name: "rule \($0)", trigger: .figure("errors", above: .number(0), atLeast: nil), channels: ["ops"]) }
        ops.refuse(Set(rules.map { "\($0.name) opened" }))
        let desk = bench.desk(["ops": ops], rules: rules)
        try desk.observe(bench.run("r1", errors: 1), facts: nil)
        let delivery = try await desk.deliver()
        #expect(delivery.failed == Outbox.mostRefusals && delivery.waiting == 9)
    }

    @Test("a digest never goes to a second channel that carries no letters; what waits behind it does", arguments: [true, false])
    func digestFallback(carriesLetters: Bool) {
        var outbox = Outbox()
        let order = DigestOrder(slot: .noon, from: .noon, until: .noon)
        _ = outbox.add([AlertNotice(order, channels: ["ops"]), Sample.story[0]], channels: ["ops"], at: .noon)
        let id = outbox.entries[0].id
        let fallback = AlertFallback(channel: "hook", after: .seconds(0), carriesLetters: carriesLetters)
        _ = outbox.failed(id, isFinal: false, owner: "me", jitter: 1, fallbacks: ["ops": fallback], at: .noon)
        #expect(outbox.entries.filter { $0.channel == "hook" }.map { $0.notice.digest != nil } == (carriesLetters ? [true, false] : [false]))
    }

    @Test("what nobody takes for three days is given up, and said so")
    func givenUp() async throws {
        ops.setDown(true)
        let desk = bench.desk(["ops": ops])
        try desk.observe(bench.run("r1", errors: 1), facts: nil)
        bench.pass(3 * 86_400)
        #expect(try await desk.deliver().waiting == 0)
        #expect(bench.events.metrics == ["vitrine_alerts_sent_total{ops,given_up}"])
    }

    @Test("a process that dies while it sends leaves its message to the next, when its claim is over")
    func crash() async throws {
        let desk = bench.desk(["ops": ops])
        try desk.observe(bench.run("r1", errors: 1), facts: nil)
        let time = bench.now
        #expect(try desk.change { $0.outbox.claim("ops", owner: "the dead", at: time) } != nil)
        #expect(try await desk.deliver().sent == 0, "it may still be at it")
        bench.pass(60)
        #expect(try await desk.deliver().sent == 1)
        #expect(ops.taken.count == 1)
    }

    @Test("twenty processes at once on one folder: one message")
    func together() async throws {
        let desks = (0..<20).map { _ in bench.desk(["ops": ops]) }
        let run = bench.run("r1", errors: 1)
        await withTaskGroup(of: Void.self) { group in
            for desk in desks {
                group.addTask {
                    do {
                        try desk.observe(run, facts: nil)
                        _ = try await desk.deliver()
                    } catch { Issue.record(error) }
                }
            }
        }
        #expect(ops.taken == ["errors opened"])
        #expect(try desks[0].state().outbox.entries.isEmpty)
    }

    @Test("a state that nobody can read is set aside, and what is wrong is told again")
    func unreadable() async throws {
        let desk = bench.desk(["ops": ops])
        try desk.observe(bench.run("r1", errors: 1), facts: nil)
        _ = try await desk.deliver()
        try Data("half a sta".utf8).write(to: URL(filePath: bench.path + "/alerts.json"))
        try desk.observe(bench.run("r2", errors: 1), facts: nil)
        _ = try await desk.deliver()
        #expect(ops.taken == ["errors opened", "errors opened"])
        #expect(bench.events.names.contains("alert.state_set_aside"))
        #expect(try String(contentsOfFile: bench.path + "/alerts.json.unreadable", encoding: .utf8) == "half a sta")
    }

    @Test("a folder that cannot be is said with its remedy")
    func noFolder() {
        let desk = AlertDesk(
            folder: AlertFolder(path: "/proc/nowhere"), policy: AlertPolicy(rules: []), channels: [:], reporter: .silent, now: { .noon }, random: { 1 })
        let error = #expect(throws: AlertStoreError.self) { try desk.look([]) }
        #expect(error?.culprit.contains("/proc/nowhere") == true && error?.remedy.isEmpty == false)
    }

    @Test("the outbox is bounded: the oldest message makes room and is reported")
    func bounded() throws {
        var outbox = Outbox()
        var book = IncidentBook()
        let run = bench.run("r1", errors: 1)
        let policy = AlertPolicy(rules: [DeskBench.errors])
        var notice = try #require(book.observe(run, facts: nil, policy: policy, at: .noon).notices.first)
        var lost: [OutboxEntry] = []
        for number in 0...Outbox.limit {
            notice.incident.messages = number
            lost += outbox.add([notice], channels: ["ops"], at: .noon)
        }
        #expect(outbox.entries.count == Outbox.limit)
        #expect(lost.map(\.notice.incident.messages) == [0])
    }

    @Test("a silence is kept, is reported with its author, and can be ended")
    func silence() async throws {
        let desk = bench.desk(["ops": ops])
        try desk.add(Silence(rule: "errors", since: .noon, until: .noon + .seconds(7200), author: "ana", reason: "known"))
        try bench.desk(["ops": ops]).observe(bench.run("r1", errors: 1), facts: nil)
        #expect(try await desk.deliver().sent == 0)
        let id = try #require(try desk.state().book.silences.first?.id)
        #expect(try desk.end(silence: id))
        #expect(try !desk.end(silence: id))
        try desk.look([])
        _ = try await desk.deliver()
        #expect(ops.taken == ["errors opened"])
        #expect(bench.events.names.contains("alert.silenced"))
    }

    @Test("every event has an example that fits the metrics it changes", arguments: AlertEvent.Name.allCases)
    func examples(name: AlertEvent.Name) {
        let examples = AlertEvent.examples.filter { $0.name == name }
        #expect(!examples.isEmpty)
        for example in examples {
            var signal = Signal()
            example.describe(to: &signal)
            #expect(signal.problems == [])
        }
    }
}
