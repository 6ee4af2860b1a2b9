import Engine
import Events
import Gzip
import Telemetry

/// What requests are counted under. A list that is closed: a path is a stranger's word, or the name of a run.
enum WebRoute: String, Sendable, CaseIterable {
    case metrics = "/metrics"
    case health = "/healthz"
    case ready = "/readyz"
    /// One of the status page's.
    case page = "/{page}"
    /// Nothing of ours, or nobody who may ask.
    case none
}

/// Takes a request and says the answer: who may, how many at once, in which form. Knows nothing of sockets.
struct WebDesk: Sendable {
    /// Requests of each kind that are answered at the same time; the next one gets 503. Two Prometheus servers and a curious person are three.
    static let mostScrapes = 8
    static let mostPages = 16
    /// Bytes of a target, and of a body that nobody reads.
    static let longestTarget = 4_096
    static let longestBody = 4_096
    /// A shorter body is not worth packing: it fits one packet anyway.
    private static let shortestPacked = 1_024

    let gate: Gatekeeper
    let health: Probes
    let scrape: @Sendable (ExpositionFormat) async -> [UInt8]
    let pages: any PageResponder
    let reporter: Reporter
    private let strangers: StrangerWatch
    private let scrapes = Admission(limit: mostScrapes)
    private let looks = Admission(limit: mostPages)

    init(
        gate: Gatekeeper, health: Probes, scrape: @escaping @Sendable (ExpositionFormat) async -> [UInt8], pages: any PageResponder, reporter: Reporter,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.gate = gate
        self.health = health
        self.scrape = scrape
        self.pages = pages
        self.reporter = reporter
        strangers = StrangerWatch(reporter: reporter, now: now)
    }

    struct Answer: Sendable {
        var response: PageResponse
        /// Under which it is counted.
        var route = WebRoute.none
        /// Held until the answer is with the client.
        var place: Admission.Place?
        /// The connection ends with it: what else is on its way is not read.
        var closes = false
    }

    func answer(_ request: WebRequest) async -> Answer {
        var answer = await unpacked(request)
        if answer.response.status >= 400 { reporter.report(DaemonEvent.requestRefused(status: answer.response.status, path: String(request.path.prefix(200)))) }
        answer.response = dressed(answer.response, for: request)
        return answer
    }

    private func unpacked(_ request: WebRequest) async -> Answer {
        guard request.target.utf8.count <= Self.longestTarget else { return .refusal(414, "The address is too long.", closes: true) }
        guard let body = request.bodyLength, body <= Self.longestBody else { return .refusal(413, "Nothing here takes a body.", closes: true) }
        guard request.method == "GET" || request.method == "HEAD" else {
            return .refusal(405, "Only GET and HEAD are answered here.", headers: [("Allow", "GET, HEAD")])
        }
        guard let page = request.page else { return .refusal(400, "The address cannot be read.") }
        switch page.path {
        case "/healthz": return Answer(response: health.alive(), route: .health)
        case "/readyz": return Answer(response: health.ready(), route: .ready)
        default: break
        }
        guard gate.admits(request.authorization) else {
            strangers.turnedAway(request, asksForMetrics: page.path == WebRoute.metrics.rawValue)
            return .refusal(401, "A token or password is asked for.", headers: gate.challenges.map { ("WWW-Authenticate", $0) })
        }
        guard page.path == WebRoute.metrics.rawValue else { return await look(page) }
        var answer = await metrics(request)
        answer.route = .metrics
        return answer
    }

    private func metrics(_ request: WebRequest) async -> Answer {
        guard let place = scrapes.enter() else { return .busy }
        let format = ExpositionFormat.preferred(by: request.accept)
        let response = PageResponse(contentType: format.contentType, headers: [("Vary", "Accept, Accept-Encoding")], body: await scrape(format))
        return Answer(response: response, place: place)
    }

    private func look(_ page: PageRequest) async -> Answer {
        guard let place = looks.enter() else { return .busy }
        guard let response = await pages.respond(to: page) else { return .refusal(404, "There is no such page.") }
        return Answer(response: response, route: .page, place: place)
    }

    /// Packed where that is asked for, and kept out of caches: figures are of now, products are of the shop.
    private func dressed(_ response: PageResponse, for request: WebRequest) -> PageResponse {
        var headers = response.headers
        func add(_ name: String, _ value: String) {
            if !headers.contains(where: { $0.0.lowercased() == name.lowercased() }) { headers.append((name, value)) }
        }
        add("Cache-Control", "no-store")
        add("X-Content-Type-Options", "nosniff")
        let wantsPacking = ContentCoding.allowsGzip(request.acceptEncoding) && response.body.count >= Self.shortestPacked
        guard wantsPacking, !headers.contains(where: { $0.0.lowercased() == "content-encoding" }), let packed = try? gzip(response.body) else {
            return PageResponse(status: response.status, contentType: response.contentType, headers: headers, body: response.body)
        }
        add("Vary", "Accept-Encoding")
        add("Content-Encoding", "gzip")
        return PageResponse(status: response.status, contentType: response.contentType, headers: headers, body: packed)
    }
}

extension WebDesk.Answer {
    fileprivate static func refusal(_ status: Int, _ text: String, headers: [(String, String)] = [], closes: Bool = false) -> Self {
        Self(
            response: PageResponse(status: status, contentType: "text/plain; charset=utf-8", headers: headers, body: Array((text + "\n").utf8)),
            closes: closes)
    }

    fileprivate static var busy: Self { refusal(503, "Too many ask at the same time.", headers: [("Retry-After", "1")]) }
}
