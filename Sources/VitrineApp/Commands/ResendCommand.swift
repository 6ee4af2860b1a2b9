import CatalogSync
public import Engine
import Events
import Investigation
import Settings

/// `vitrine resend`: products are sent once more by the next run, as they were sent last.
public struct ResendCommand: Sendable {
    public struct Choice: Sendable {
        public var refused = false
        public var rejected = false
        public var unknown = false
        public var all = false
        public var products: [String] = []
        public init() {}

        var states: Set<SubjectState> {
            if all { return ResendRequest.sendable }
            var states: Set<SubjectState> = []
            if refused { states.insert(.refused) }
            if unknown { states.insert(.unknown) }
            return states
        }
    }

    public static let mostProducts = ResendRequest.mostProducts

    private let choice: Choice
    private let pipeline: String?
    private let reason: String
    private let author: String?
    private let now: Bool
    private let options: CommonOptions
    private let world: World

    /// - Parameter now: runs the pipelines at once; the answer is then that of `run`.
    public init(choice: Choice, pipeline: String?, reason: String, author: String?, now: Bool, options: CommonOptions, world: World = .real) {
        self.choice = choice
        self.pipeline = pipeline
        self.reason = reason
        self.author = author
        self.now = now
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        struct Request: Encodable {
            let id: String
            let pipeline: String
            let states: [SubjectState]
            let products: [String]
            let author: String
            let reason: String
            let at: Timestamp
            /// Products that it comes to as things stand.
            let count: Int
        }

        let requests: [Request]
        /// Products that cannot be sent because their newest row was rejected.
        let rejected: Int

        static var empty: Document { Document(requests: [], rejected: 0) }
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop, now: Bool) -> Outcome {
        now ? RunCommand.unanswered(stop).with(Document.empty) : .failure(stop, Document.empty)
    }

    public func execute() async -> Outcome {
        do {
            let loaded = try LoadedSettings.load(options.config)
            let pipelines = try loaded.pipelines(named: pipeline)
            let questions = Questions(ledger: try await LedgerReader(loaded: loaded).ledger())
            let document = try await ask(pipelines, questions)
            guard now else { return Outcome(code: .success, text: text(document), json: JSONDocument.bytes(document)) }
            guard !document.requests.isEmpty else { return nothingRun(document) }
            var outcome = await RunCommand(pipeline: pipeline, request: CatalogSync.Request(), options: options, world: world).execute().with(document)
            outcome.text = text(document) + "\n" + outcome.text
            return outcome
        } catch {
            let stop = RunStop(appError: error)
            return now ? .failureOfRun(stop, pipeline: pipeline, at: world.now()).with(Document.empty) : .failure(stop, Document.empty)
        }
    }

    /// The fields of a run that did not have to begin.
    private func nothingRun(_ document: Document) -> Outcome {
        let json: [UInt8]
        if let pipeline {
            var report = SyncReport(runID: "", pipeline: pipeline, state: .nothingToDo, startedAt: world.now())
            report.endedAt = report.startedAt
            json = JSONDocument.bytes(report)
        } else {
            json = JSONDocument.bytes(runs: [])
        }
        return Outcome(code: .success, text: text(document), json: json).with(document)
    }

    private func ask(_ pipelines: [PipelineSettings], _ questions: Questions) async throws -> Document {
        try requireKnown(pipelines, questions)
        var requests: [Document.Request] = []
        var rejected = 0
        for pipeline in pipelines {
            let products = try choice.products.filter { try questions.product($0, pipeline: pipeline.name).map { $0.state != .rejected } ?? false }
            let request = ResendRequest(
                pipeline: pipeline.name, states: choice.states, products: products, author: author ?? WordKeeper.author, reason: reason, at: world.now())
            rejected += try rejectedCount(pipeline.name, questions)
            guard !request.states.isEmpty || !request.products.isEmpty else { continue }
            let keeper = try WordKeeper(options, pipeline: pipeline.name, world: world)
            try await ResendShelf(store: keeper.factory.synced(pipeline), pipeline: pipeline.name).put(request)
            keeper.report(SyncEvent.resendRequested(author: request.author, what: request.words, reason: request.reason))
            requests.append(
                .init(
                    id: request.id, pipeline: pipeline.name, states: request.states, products: request.products, author: request.author,
                    reason: request.reason, at: request.at, count: try count(request, questions)))
        }
        return Document(requests: requests, rejected: rejected)
    }

    private func requireKnown(_ pipelines: [PipelineSettings], _ questions: Questions) throws {
        for id in choice.products where try !pipelines.contains(where: { try questions.product(id, pipeline: $0.name) != nil }) {
            throw RunStop(
                .usage, reason: "product", culprit: id, detail: "no run has met this product id",
                remedy: "Ids are compared letter by letter; look at the id column of your file.")
        }
    }

    private func rejectedCount(_ pipeline: String, _ questions: Questions) throws -> Int {
        let named = try choice.products.count { try questions.product($0, pipeline: pipeline)?.state == .rejected }
        let all = choice.rejected || choice.all ? try questions.productCounts(pipeline: pipeline)[.rejected] ?? 0 : 0
        return max(named, all)
    }

    private func count(_ request: ResendRequest, _ questions: Questions) throws -> Int {
        let counts = try questions.productCounts(pipeline: request.pipeline)
        let others = try request.products.count { id in
            try questions.product(id, pipeline: request.pipeline).map { !request.states.contains($0.state) } ?? false
        }
        return request.states.reduce(others) { $0 + (counts[$1] ?? 0) }
    }

    private func text(_ document: Document) -> String {
        var lines = document.requests.map { request in
            let what = (request.states.map(\.rawValue) + request.products.prefix(5)).joined(separator: ", ")
            return "\(request.pipeline): \(request.count) \(request.count == 1 ? "product is" : "products are") sent again by the next run (\(what))"
        }
        if document.rejected > 0 {
            lines.append(
                "\(document.rejected) \(document.rejected == 1 ? "product is" : "products are") not sent again: the newest row was rejected by our checks and has to come again, mended. The rows lie in rejected/ of the landing zone; see: vitrine products --state rejected")
        }
        if document.requests.isEmpty, document.rejected == 0 { lines.append("There is nothing to send again.") }
        if !now, let first = document.requests.first { lines.append("To send at once: vitrine run \(pipeline ?? first.pipeline)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
