import Events
import Foundation
import Synchronization
import Testing
import Transport
@testable import Alerting

@Suite("Digests, expiries and pings")
struct DigestPlanTests {
    private static let nine = DigestPlan(minute: 9 * 60, zone: .utc, channels: ["ops"])
    private static func at(_ day: Int, _ hour: Int, _ minute: Int = 0) -> Timestamp { Timestamp(year: 2026, month: 11, day: day, hour: hour, minute: minute) }

    @Test("the slot of a day is due once, whenever somebody looks after its time", arguments: [
        (nil, at(21, 8), at(20, 9)), (nil, at(21, 9), at(21, 9)), (at(20, 9, 1), at(21, 8, 59), nil), (at(20, 9, 1), at(21, 9), at(21, 9)),
        (at(20, 9, 1), at(21, 23), at(21, 9)), (at(21, 9), at(21, 23), nil), (at(18, 12), at(21, 10), at(21, 9)), (at(22, 10), at(21, 10), nil),
    ] as [(Timestamp?, Timestamp, Timestamp?)])
    func slots(last: Timestamp?, now: Timestamp, slot: Timestamp?) {
        let order = Self.nine.order(after: last, at: now)
        #expect(order?.slot == slot)
        if let order { #expect(order.from == last ?? order.slot + .seconds(-86_400) && order.until == now) }
    }

    @Test("two processes queue one letter; it is sent under one name, and tried again until it is taken")
    func once() async throws {
        let bench = DeskBench()
        let ops = LetterBox()
        let written = Mutex(0)
        func desk() -> AlertDesk {
            AlertDesk(
                folder: AlertFolder(path: bench.path), policy: AlertPolicy(rules: []), channels: ["ops": ops],
                digest: DigestPlan(minute: 0, zone: .utc, channels: ["ops"]),
                write: { order throws(DeliveryFailure) in
                    written.withLock { $0 += 1 }
                    return AlertLetter(subject: "s", text: "t", html: "h", attachments: [], at: order.until)
                }, reporter: Reporter(sink: bench.events), now: { bench.now }, random: { UInt64.random(in: 0 ... .max) })
        }
        ops.isDown = true
        #expect(try desk().queueDigest() && !desk().queueDigest())
        _ = try await desk().deliver()
        ops.isDown = false
        bench.pass(60)
        _ = try await desk().deliver()
        _ = try await desk().deliver()
        #expect(ops.ids.count == 1 && written.withLock { $0 } == 2)
        bench.pass(86_400)
        #expect(try desk().queueDigest())
        _ = try await desk().deliver()
        #expect(Set(ops.ids).count == 2)
    }

    private final class LetterBox: AlertChannel {
        private let state = Mutex<(ids: [String], isDown: Bool)>(([], false))
        var ids: [String] { state.withLock { $0.ids } }
        var isDown: Bool {
            get { state.withLock { $0.isDown } }
            set { state.withLock { $0.isDown = newValue } }
        }

        func send(_ notice: AlertNotice, insteadOf: String?) async throws(DeliveryFailure) {}
        func send(_ letter: AlertLetter) async throws(DeliveryFailure) {
            if isDown { throw ScriptedChannel.down }
            state.withLock { $0.ids.append(letter.id) }
        }
    }

    @Test("what is attached has a name that no header can be made of", arguments: [("a.csv", "a.csv"), ("x\"\r\nBcc: y.csv", "x___Bcc__y.csv"), ("متجر.csv", "____.csv")])
    func names(given: String, name: String) { #expect(AlertLetter.Attachment(name: given, type: "text/csv", bytes: []).name == name) }

    @Test("what ends is told from its limit on, and when it has ended", arguments: [
        (40, RuleVerdict.Standing.good, "in 40 days"), (14, .bad, "in 14 days"), (1, .bad, "the limit is 14 days"), (0, .bad, "ended on 2026-11-21"),
    ])
    func expiry(days: Int, standing: RuleVerdict.Standing, words: String) throws {
        let rule = AlertRule(name: "token", trigger: .endsWithin(.token, .seconds(14 * 86_400)), channels: [])
        let facts = PipelineFacts(pipeline: "shop", expiries: [.token: .noon + .seconds(days * 86_400)])
        let verdict = try #require(RuleJudge.verdicts([rule], runs: [], facts: facts, at: .noon).first)
        #expect(verdict.standing == standing && verdict.reason.contains(words), "\(verdict.reason)")
        let unknown = RuleJudge.verdicts([rule], runs: [], facts: PipelineFacts(pipeline: "shop"), at: .noon)
        #expect(unknown.map(\.standing) == [.undecided])
    }

    @Test("a pipeline that never succeeded is overdue from when it was first seen")
    func neverGood() {
        var book = IncidentBook()
        let policy = AlertPolicy(rules: [AlertRule(name: "stale", trigger: .noSuccessFor(.seconds(3600)), channels: ["ops"])])
        let facts = [PipelineFacts(pipeline: "shop")]
        #expect(book.look(facts, policy: policy, at: .noon).notices.isEmpty)
        #expect(book.look(facts, policy: policy, at: .noon + .seconds(3599)).notices.isEmpty)
        #expect(book.look(facts, policy: policy, at: .noon + .seconds(3600)).notices.map(\.kind) == [.opened])
    }

    @Test("the words of a ping go behind the path and before a query", arguments: [
        ("https://hc.example/ping/a", "https://hc.example/ping/a/start", "https://hc.example/ping/a", "https://hc.example/ping/a/fail"),
        ("https://hc.example/ping/a/", "https://hc.example/ping/a/start", "https://hc.example/ping/a", "https://hc.example/ping/a/fail"),
        ("https://hc.example/a?create=1", "https://hc.example/a/start?create=1", "https://hc.example/a?create=1", "https://hc.example/a/fail?create=1"),
        ("https://hc.example/a#x", "https://hc.example/a/start", "https://hc.example/a", "https://hc.example/a/fail"),
    ])
    func addresses(url: String, start: String, success: String, fail: String) {
        #expect(DeadManSwitch.Word.allCases.map { DeadManSwitch.address(url, $0) } == [start, success, fail])
    }

    @Test("Alertmanager itself is told the alerts alone, with an end far enough away")
    func alertmanager() throws {
        let body = WebhookBody(Sample.story[0], receiver: "am", insteadOf: nil)
        let alerts = try JSONDecoder().decode([WebhookBody.Alert].self, from: Data(body.alertmanagerJSON(at: .noon)))
        #expect(alerts.map(\.labels) == [body.commonLabels] && alerts[0].endsAt == "2026-12-21T12:00:00.000Z")
        let closing = WebhookBody(Sample.story[2], receiver: "am", insteadOf: nil)
        #expect(try JSONDecoder().decode([WebhookBody.Alert].self, from: Data(closing.alertmanagerJSON(at: .noon))) == closing.alerts)
    }
}
