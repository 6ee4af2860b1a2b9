import CatalogSync
import Engine
import Events
import Investigation

/// The status page: how the pipelines stand, what is to be mended, what became of a product. It reads and never writes, needs no script, and
/// loads nothing from anywhere.
struct StatusPage: PageResponder {
    private let source: StatusPageSource
    private let renderer = PageRenderer(templates: PageTemplates.all)
    private let charts = RefusalCharts()

    init(source: StatusPageSource) { self.source = source }

    func respond(to request: PageRequest) async -> PageResponse? {
        do {
            switch request.path {
            case "/": return try await overview(request)
            case "/runs": return try runs(request)
            case "/products": return try products(request)
            case let path where path.hasPrefix("/runs/"): return try run(String(path.dropFirst("/runs/".count)))
            default: return nil
            }
        } catch {
            let stop = RunStop(appError: error)
            return message("This cannot be told now", ["\(stop.culprit): \(stop.detail)"], stop.remedy, status: 500)
        }
    }

    private func overview(_ request: PageRequest) async throws -> PageResponse {
        var statuses: [PipelineStatus] = []
        for pipeline in source.pipelines { statuses.append(try await source.status(pipeline)) }
        guard let questions = try source.questions() else {
            return page("Overview", "overview", OverviewView(statuses, source), at: "/", refresh: refresh(request))
        }
        var view = OverviewView(statuses, source)
        view.add(remedies: try source.pipelines.flatMap { pipeline in try questions.remedies(pipeline: pipeline).map { (pipeline, $0) } })
        view.add(runs: try questions.runs(RunQuery(limit: OverviewView.runLimit)), source.zone)
        view.add(charts: try source.pipelines.compactMap { try charts.chart(of: $0, questions, now: source.now(), zone: source.zone) })
        return page("Overview", "overview", view, at: "/", refresh: refresh(request))
    }

    /// Seconds; only for who asked for it.
    private func refresh(_ request: PageRequest) -> Int? { request.query["refresh"].flatMap { Int($0) }.map { min(max($0, 10), 3600) } }

    private func runs(_ request: PageRequest) throws -> PageResponse {
        guard let questions = try source.questions() else { return nothingYet("Runs", "/runs") }
        let pipeline = request.query["pipeline"].flatMap { $0.isEmpty ? nil : $0 }
        let before = request.query["before"].flatMap { Timestamp(rfc3339: $0) }
        let found = try questions.runs(RunQuery(pipeline: pipeline, before: before, limit: RunListView.limit + 1))
        return page("Runs", "runs", RunListView(found, pipeline: pipeline, isFirst: before == nil, source.zone), at: "/runs")
    }

    private func run(_ runID: String) throws -> PageResponse {
        guard let report = try source.questions()?.run(runID) else {
            return message("No such run", ["No run with the name \(Shown.line(runID, limit: 100)) is remembered."], "The runs that are: see Runs above.", status: 404)
        }
        var presentation = source.presentation(report.pipeline)
        presentation.tracePath = { "/products?q=\(PercentEncoded.text($0))&pipeline=\(PercentEncoded.text(report.pipeline))" }
        let view = ReportView(report, presentation)
        return page("\(report.pipeline): run \(report.runID)", "run", view, at: "/runs", isBelow: true)
    }

    private func products(_ request: PageRequest) throws -> PageResponse {
        guard let questions = try source.questions() else { return nothingYet("Products", "/products") }
        let choice = ProductChoice(request.query, pipelines: source.pipelines)
        let finder = ProductFinder(questions: questions, source: source)
        if let id = choice.text, case let found = try finder.traces(of: id, in: choice.pipelines), !found.isEmpty {
            return page("Product \(Shown.line(id, limit: 60))", "product", ProductTraceView(id, found), at: "/products", isBelow: true)
        }
        return page("Products", "products", try finder.list(choice), at: "/products")
    }

    private func nothingYet(_ title: String, _ address: String) -> PageResponse {
        message(
            "Nothing has run yet", ["Once a pipeline has run, its runs and products stand here."], "Run it: vitrine run. If its state was lost: vitrine reindex",
            status: 200, title: title, at: address)
    }

    private func message(_ heading: String, _ lines: [String], _ remedy: String, status: Int, title: String? = nil, at address: String = "") -> PageResponse {
        let view = MessageView(heading: heading, lines: lines.map { Shown.line($0, limit: 1000) }, remedy: WordPart.parts(of: Shown.line(remedy, limit: 1000)))
        return page(title ?? heading, "message", view, at: address, status: status)
    }

    private static let places = [("Overview", "/"), ("Runs", "/runs"), ("Products", "/products")]

    private func page(
        _ title: String, _ template: String, _ view: some Sendable, at address: String, isBelow: Bool = false, refresh: Int? = nil, status: Int = 200
    ) -> PageResponse {
        let links = Self.places.map { PageFrame.Link($0.0, $0.1, isHere: $0.1 == address && !isBelow) }
        let frame = PageFrame(title: "\(Shown.line(title, limit: 100)) · Vitrine", links: links, refresh: refresh, zone: source.zone, at: source.now())
        return PageResponse(
            status: status, contentType: "text/html; charset=utf-8", headers: Self.headers, body: renderer.render(FramedView(frame, view), with: template))
    }

    /// Nothing is loaded, framed, guessed or told on; and nobody keeps a copy of how things stood.
    private static let headers = [
        ("Content-Security-Policy", PageStyle.policy + "; frame-ancestors 'none'"), ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"), ("Cache-Control", "no-store"),
    ]
}

/// A page that is one message.
struct MessageView: Sendable {
    let heading: String
    let lines: [String]
    let remedy: [WordPart]
}
