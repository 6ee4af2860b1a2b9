import CatalogSync
import Engine
import Events
import Investigation

/// What an address of the product page asks for.
struct ProductChoice: Sendable {
    /// Looked for as an id first, then within ids and messages.
    let text: String?
    let pipelines: [String]
    let states: Set<SubjectState>
    let remedy: String?
    let after: SubjectCursor?
    /// As they were asked for, for the addresses of the pages behind this one.
    let pipeline: String?
    let state: String?

    /// Characters of a search.
    private static let longestText = 500

    init(_ query: [String: String], pipelines known: [String]) {
        func filled(_ name: String) -> String? { query[name].flatMap { $0.isEmpty ? nil : String($0.prefix(Self.longestText)) } }
        text = filled("q")
        pipeline = filled("pipeline").flatMap { known.contains($0) ? $0 : nil }
        pipelines = pipeline.map { [$0] } ?? known
        state = filled("state").flatMap { SubjectState(rawValue: $0)?.rawValue }
        states = state.flatMap { SubjectState(rawValue: $0) }.map { [$0] } ?? SubjectState.notLive
        remedy = filled("remedy")
        after = filled("after").flatMap { SubjectCursor(text: $0) }
    }

    /// The same question with another state or place.
    func address(state: String?, remedy: String?, after: SubjectCursor? = nil, pipeline: String? = nil) -> String {
        let parts = [("pipeline", pipeline ?? self.pipeline), ("state", state), ("remedy", remedy), ("q", text), ("after", after?.text)]
        let query = parts.compactMap { name, value in value.map { "\(name)=\(PercentEncoded.text($0))" } }.joined(separator: "&")
        return query.isEmpty ? "/products" : "/products?\(query)"
    }
}

/// Asks the ledger for products, in bounded questions.
struct ProductFinder {
    let questions: Questions
    let source: StatusPageSource

    static let pageLimit = 50
    private static let historyLimit = 100

    /// The product with exactly this id, in each pipeline that has met it.
    func traces(of id: String, in pipelines: [String]) throws -> [ProductTrace] {
        try pipelines.compactMap { pipeline in
            let history = try questions.history(of: id, pipeline: pipeline, limit: Self.historyLimit)
            let now = try questions.product(id, pipeline: pipeline)
            guard now != nil || !history.isEmpty else { return nil }
            return ProductTrace(id, pipeline: pipeline, now: now, history: history, source.presentation(pipeline))
        }
    }

    func list(_ choice: ProductChoice) throws -> ProductListView {
        let groups = try choice.pipelines.map { pipeline in
            let query = SubjectQuery(
                pipeline: pipeline, states: choice.states, cause: choice.remedy, text: choice.text, after: choice.after, limit: Self.pageLimit)
            return ProductGroup(pipeline, try questions.products(query), choice, source.presentation(pipeline), namesPipeline: source.pipelines.count > 1)
        }
        return ProductListView(choice, groups.filter { !$0.products.isEmpty })
    }
}

/// A list of products, with the search above it.
struct ProductListView: Sendable {
    let text: String
    let heading: String
    let lead: String
    let advice: [WordPart]
    let filters: [PageFrame.Link]
    let groups: [ProductGroup]
    let isEmpty: Bool
    let emptyWords: String
    let pipeline: String?
    let state: String?

    init(_ choice: ProductChoice, _ groups: [ProductGroup]) {
        text = choice.text.map { Shown.line($0, limit: 200) } ?? ""
        self.groups = groups
        pipeline = choice.pipeline
        state = choice.state
        let states = choice.state.flatMap { SubjectState(rawValue: $0) }
        heading = states.map { "Products \($0.inWords)" } ?? "Products that are not live"
        if let text = choice.text {
            lead = "No product has exactly the id \u{2068}\(Shown.line(text, limit: 100))\u{2069}. Below are those with it in their id or message, \(states?.inWords ?? "not live")."
        } else {
            let first = groups.first?.products.first
            lead = choice.remedy == nil ? "" : "All with one thing to do: \(first?.title ?? Shown.line(choice.remedy ?? "", limit: 100))."
        }
        advice = groups.first?.advice ?? []
        filters = [(nil, "Not live")].map { PageFrame.Link($0.1, choice.address(state: $0.0, remedy: nil), isHere: choice.state == nil) }
            + [SubjectState.refused, .rejected, .unknown, .accepted].map {
                PageFrame.Link($0.inWords.capitalizedFirst, choice.address(state: $0.rawValue, remedy: nil), isHere: choice.state == $0.rawValue)
            }
        isEmpty = groups.isEmpty
        emptyWords = choice.text == nil ? "There are none." : "There are none. Ids are compared letter by letter: look at the id column of your file."
    }
}

/// The products of one pipeline.
struct ProductGroup: Sendable {
    let name: String?
    let total: String?
    let products: [ProductLine]
    let advice: [WordPart]
    let next: String?

    init(_ pipeline: String, _ page: ProductPage, _ choice: ProductChoice, _ presentation: Presentation, namesPipeline: Bool) {
        name = namesPipeline ? Shown.line(pipeline) : nil
        total = page.total.map { "\($0) \($0 == 1 ? "product" : "products")" }
        products = page.products.map { ProductLine($0, presentation, isOneRemedy: choice.remedy != nil) }
        advice = choice.remedy == nil ? [] : WordPart.parts(of: page.products.first?.remedy.action ?? "")
        next = page.next.map { choice.address(state: choice.state, remedy: choice.remedy, after: $0, pipeline: pipeline) }
    }
}

struct ProductLine: Sendable {
    let id: String
    let link: String
    let state: String
    let tone: String
    let since: TimeView
    let title: String
    let action: [WordPart]
    let hasAction: Bool
    let message: String?
    let file: String
    let row: Int

    init(_ product: Product, _ presentation: Presentation, isOneRemedy: Bool) {
        id = Shown.line(product.productID, limit: 120)
        link = "/products?q=\(PercentEncoded.text(product.productID))&pipeline=\(PercentEncoded.text(product.pipeline))"
        state = product.state.inWords
        tone = product.state.tone
        since = TimeView(product.since, presentation.zone)
        title = Shown.line(product.remedy.title, limit: 120)
        // Where all have one remedy it stands above the list.
        action = isOneRemedy ? [] : WordPart.parts(of: product.remedy.action)
        hasAction = !action.isEmpty
        message = product.message.map { Shown.line($0, limit: 300) }
        file = Shown.line(product.file)
        row = product.row
    }
}
