import Engine
import Events
import Gzip
import Synchronization
import Telemetry
import Testing

@testable import VitrineApp

@Suite("The desk behind the endpoints")
struct WebDeskTests {
    private static let token = "s3cret-scrape-token"
    private static let text = Array(String(repeating: "vitrine_runs_total 1\n", count: 100).utf8)

    /// Pages of one word, and one that answers when it is told to.
    private struct Pages: PageResponder {
        var gate: Wake?

        func respond(to request: PageRequest) async -> PageResponse? {
            switch request.path {
            case "/": return PageResponse(contentType: "text/html; charset=utf-8", headers: [("Cache-Control", "max-age=1")], body: Array("<p>hello".utf8))
            case "/echo": return PageResponse(contentType: "text/plain", body: Array(request.query.map { "\($0)=\($1);" }.sorted().joined().utf8))
            case "/slow":
                await gate?.wait()
                return PageResponse(contentType: "text/plain", body: [])
            default: return nil
            }
        }
    }

    private static func desk(
        _ gate: Gatekeeper = Gatekeeper(), pages: Pages = Pages(), beats: Heartbeats = Heartbeats { noon }, isDraining: Bool = false, hasLedger: Bool = true,
        scrape: @escaping @Sendable (ExpositionFormat) async -> [UInt8] = { $0 == .text ? text : [1, 2, 3] }, reporter: Reporter = .silent,
        now: @escaping @Sendable () -> Timestamp = { noon }
    ) -> WebDesk {
        let health = Probes(heartbeats: beats, isDraining: { isDraining }, hasLedger: { hasLedger })
        return WebDesk(gate: gate, health: health, scrape: scrape, pages: pages, reporter: reporter, now: now)
    }

    private static let noon = Timestamp(year: 2026, month: 11, day: 21, hour: 12)

    private func header(_ answer: WebDesk.Answer, _ name: String) -> [String] { answer.response.headers.filter { $0.0 == name }.map(\.1) }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: WebRequest
        let status: Int
        init(_ testDescription: String, _ request: WebRequest, _ status: Int) {
            self.testDescription = testDescription
            self.request = request
            self.status = status
        }
    }

    static let cases = [
        Case("metrics", WebRequest(target: "/metrics"), 200), Case("metrics with a query", WebRequest(target: "/metrics?name=x"), 200),
        Case("HEAD", WebRequest(method: "HEAD", target: "/metrics"), 200), Case("health", WebRequest(target: "/healthz"), 200),
        Case("readiness", WebRequest(target: "/readyz"), 200), Case("a page", WebRequest(target: "/"), 200),
        Case("escapes", WebRequest(target: "/%6detrics"), 200), Case("no such page", WebRequest(target: "/admin"), 404),
        Case("no such page below", WebRequest(target: "/metrics/"), 404), Case("POST", WebRequest(method: "POST", target: "/metrics"), 405),
        Case("DELETE of what is not there", WebRequest(method: "DELETE", target: "/admin"), 405), Case("a method of its own", WebRequest(method: "BREW", target: "/"), 405),
        Case("a small body", WebRequest(target: "/metrics", bodyLength: 4_096), 200), Case("a large body", WebRequest(target: "/metrics", bodyLength: 4_097), 413),
        Case("a body without an end", WebRequest(target: "/metrics", bodyLength: nil), 413),
        Case("an endless address", WebRequest(target: "/" + String(repeating: "a", count: 4_096)), 414), Case("half an escape", WebRequest(target: "/%6"), 400),
        Case("no UTF-8", WebRequest(target: "/%ff"), 400), Case("a zero", WebRequest(target: "/%00"), 400), Case("another site", WebRequest(target: "http://x/"), 400),
        Case("a star", WebRequest(method: "GET", target: "*"), 400), Case("no format of ours", WebRequest(target: "/metrics", accept: "*/*;q=0"), 200),
    ]

    @Test("answers", arguments: cases)
    func answers(one: Case) async {
        let answer = await Self.desk().answer(one.request)
        #expect(answer.response.status == one.status)
        #expect(answer.closes == [413, 414].contains(one.status), "what else is on its way is not read")
        #expect(header(answer, "X-Content-Type-Options") == ["nosniff"])
        if one.status == 405 { #expect(header(answer, "Allow") == ["GET, HEAD"]) }
    }

    @Test("the format follows Accept, and is said")
    func formats() async {
        let text = await Self.desk().answer(WebRequest(target: "/metrics"))
        #expect(text.response.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(text.response.body == Self.text)
        let refused = await Self.desk().answer(WebRequest(target: "/metrics", accept: "text/plain;q=0"))
        #expect(refused.response.contentType == text.response.contentType)
        let wire = await Self.desk().answer(WebRequest(target: "/metrics", accept: ExpositionFormat.protobuf.contentType))
        #expect(wire.response.contentType == "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited")
        #expect(wire.response.body == [1, 2, 3])
        #expect(header(wire, "Vary") == ["Accept, Accept-Encoding"])
    }

    @Test("packed where that is asked for and worth it")
    func packs() async throws {
        let packed = await Self.desk().answer(WebRequest(target: "/metrics", acceptEncoding: "gzip"))
        #expect(header(packed, "Content-Encoding") == ["gzip"])
        #expect(try gunzip(packed.response.body, limit: 1 << 20) == Self.text)
        let small = await Self.desk().answer(WebRequest(target: "/", acceptEncoding: "gzip"))
        #expect(header(small, "Content-Encoding") == [])
    }

    @Test("a page keeps its own word about caches; what says none is kept by none")
    func caches() async {
        #expect(header(await Self.desk().answer(WebRequest(target: "/")), "Cache-Control") == ["max-age=1"])
        #expect(header(await Self.desk().answer(WebRequest(target: "/metrics")), "Cache-Control") == ["no-store"])
    }

    @Test("a query is decoded, the first of two counts")
    func query() async {
        let answer = await Self.desk().answer(WebRequest(target: "/echo?q=%D9%82+x&q=2&e&=v&b=%zz#f"))
        #expect(String(decoding: answer.response.body, as: UTF8.self) == "=v;e=;q=ق x;")
    }

    /// The warnings, as they would be written.
    private final class Warnings: EventSink {
        private let told = Mutex<[String]>([])
        var lines: [String] { told.withLock(\.self) }

        func receive(_ event: some Event, in scope: EventScope) {
            var signal = Signal()
            event.describe(to: &signal)
            guard signal.level >= .warning else { return }
            let fields = signal.fields.map { "\($0.name.rawValue)=\($0.value)" }
            told.withLock { $0.append("\(event.name.rawValue) \(signal.message) \(fields.joined(separator: " "))") }
        }
    }

    @Test("who is turned away leaves a line, one a minute at most, that says from where and how often, and not with which token")
    func strangers() async throws {
        let clock = Mutex(Self.noon)
        let warnings = Warnings()
        let desk = Self.desk(Gatekeeper(token: Secret(Self.token)), reporter: Reporter(sink: warnings), now: { clock.withLock(\.self) })
        func ask(_ target: String, _ authorization: String?) async {
            _ = await desk.answer(WebRequest(target: target, authorization: authorization, remote: "10.0.0.7"))
        }
        await ask("/", nil)
        await ask("/metrics", "Bearer \(Self.token)")
        #expect(warnings.lines.isEmpty, "a browser that asks for the first time, and who may look")
        for _ in 0..<5 { await ask("/metrics?key=planted", "Bearer planted-token") }
        let first = try #require(warnings.lines.count == 1 ? warnings.lines.first : nil)
        for part in ["request.unauthorized", "wrong token", "10.0.0.7", "/metrics", "count=integer(1)"] { #expect(first.contains(part), "\(part) in \(first)") }
        clock.withLock { $0 = $0 + .seconds(60) }
        await ask("/metrics", nil)
        let second = try #require(warnings.lines.count == 2 ? warnings.lines.last : nil)
        #expect(second.contains("no token") && second.contains("count=integer(5)"))
        clock.withLock { $0 = $0 + .seconds(-3_600) }
        await ask("/", "Bearer planted-token")
        #expect(warnings.lines.count == 3 && !warnings.lines.joined().contains("planted"))
    }

    static let credentials: [(header: String?, admitted: Bool)] = [
        (nil, false), ("", false), ("Bearer", false), ("Bearer \(token)", true), ("bearer \(token)", true), ("BEARER  \(token)", true), ("Bearer \(token)x", false),
        ("Bearer \(token.dropLast())", false), ("Basic YW5hOnDDpHNzOndvcnQ=", true), ("basic YW5hOnDDpHNzOndvcnQ", true), ("Basic YW5hOndvcnQ=", false),
        ("Basic \(token)", false), ("Basic !!!!", false), ("Basic ====", false), ("Basic A", false), ("Digest \(token)", false), (token, false),
    ]

    @Test("a token or a name with its password", arguments: credentials)
    func gate(header: String?, admitted: Bool) async {
        let gate = Gatekeeper(token: Secret(Self.token), login: (user: "ana", password: Secret("päss:wort")))
        #expect(gate.admits(header) == admitted)
        for target in ["/metrics", "/", "/admin"] {
            let answer = await Self.desk(gate).answer(WebRequest(target: target, authorization: header))
            #expect((answer.response.status == 401) == !admitted)
            if !admitted { #expect(self.header(answer, "WWW-Authenticate") == [#"Bearer realm="vitrine""#, #"Basic realm="vitrine", charset="UTF-8""#]) }
        }
        for target in ["/healthz", "/readyz"] {
            #expect(await Self.desk(gate).answer(WebRequest(target: target, authorization: header)).response.status == 200)
        }
    }

    @Test("only what is asked for opens: a password does not do where only a token is set, and the reverse")
    func kinds() {
        #expect(!Gatekeeper(token: Secret("a:b")).admits("Basic YTpi"))
        #expect(!Gatekeeper(login: (user: "a", password: Secret("b"))).admits("Bearer a:b"))
        #expect(Gatekeeper().admits(nil))
    }

    @Test("secrets are compared to their end, whatever differs")
    func compares() {
        #expect(Gatekeeper.areEqual([1, 2, 3], [1, 2, 3]))
        for other in [[0, 2, 3], [1, 2, 4], [1, 2], [1, 2, 3, 0], []] as [[UInt8]] { #expect(!Gatekeeper.areEqual([1, 2, 3], other)) }
    }

    @Test("so many scrapes at once, and the next one is asked to come again; a place is free when its answer is gone")
    func scrapes() async {
        let desk = Self.desk()
        var held: [WebDesk.Answer] = []
        for _ in 0..<WebDesk.mostScrapes { held.append(await desk.answer(WebRequest(target: "/metrics"))) }
        #expect(held.allSatisfy { $0.response.status == 200 })
        let busy = await desk.answer(WebRequest(target: "/metrics"))
        #expect(busy.response.status == 503)
        #expect(header(busy, "Retry-After") == ["1"])
        #expect(await desk.answer(WebRequest(target: "/")).response.status == 200, "pages have places of their own")
        #expect(await desk.answer(WebRequest(target: "/healthz")).response.status == 200)
        held.removeFirst()
        #expect(await desk.answer(WebRequest(target: "/metrics")).response.status == 200)
    }

    @Test("healthy while every loop was seen within its bound; a clock that goes back ages nothing")
    func health() async {
        let clock = TestClock(Self.noon)
        let beats = Heartbeats { clock.now }
        beats.beat("schedule", bound: .seconds(60))
        beats.beat("watch shop", bound: .seconds(150))
        func healthz() async -> (Int, String) {
            let answer = await Self.desk(beats: beats).answer(WebRequest(target: "/healthz")).response
            return (answer.status, String(decoding: answer.body, as: UTF8.self))
        }
        clock.now = Self.noon + .seconds(60)
        #expect(await healthz() == (200, "ok schedule: last seen 60 s ago, at most 60\nok watch shop: last seen 60 s ago, at most 150\n"))
        clock.now = Self.noon + .seconds(61)
        #expect(await healthz() == (503, "SILENT schedule: last seen 61 s ago, at most 60\nok watch shop: last seen 61 s ago, at most 150\n"))
        beats.beat("schedule", bound: .seconds(60))
        #expect(await healthz().0 == 200)
        clock.now = Self.noon + .seconds(-3600)
        #expect(await healthz().0 == 200)
        clock.now = Self.noon + .seconds(200)
        beats.end("watch shop")
        #expect(await healthz().0 == 503)
        beats.end("schedule")
        #expect(await healthz().0 == 200, "a loop that is over is not missed")
    }

    @Test("ready while the ledger can be read and nobody told it to stop", arguments: [(true, false, 200), (false, false, 503), (true, true, 503)])
    func ready(hasLedger: Bool, isDraining: Bool, status: Int) async {
        #expect(await Self.desk(isDraining: isDraining, hasLedger: hasLedger).answer(WebRequest(target: "/readyz")).response.status == status)
    }
}

/// A clock that a test sets.
final class TestClock: Sendable {
    private let time: Mutex<Timestamp>
    init(_ time: Timestamp) { self.time = Mutex(time) }
    var now: Timestamp {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }
}
