import CatalogSync
import Engine
import Events
import Foundation
import Investigation
import Testing

@testable import VitrineApp

@Suite("The status page")
struct StatusPageTests {
    private static let shop = Result { try PageShop() }

    private func get(_ path: String, _ query: [String: String] = [:], _ source: StatusPageSource? = nil) async throws -> (status: Int, text: String, headers: [String: String]) {
        let page = StatusPage(source: try source ?? Self.shop.get().source)
        let response = try #require(await page.respond(to: PageRequest(path: path, query: query)))
        return (response.status, String(decoding: response.body, as: UTF8.self), Dictionary(response.headers, uniquingKeysWith: { $1 }))
    }

    @Test("tells in its heading whether a person is needed, and for each pipeline since when and what comes next")
    func overview() async throws {
        let page = try await get("/")
        #expect(page.status == 200)
        for part in ["2 of 2 pipelines need a look", "online-shop", "baghdad-store", "The last run was done with errors", "Last success", "30 min ago", "Next run", "in 56 min"] {
            #expect(page.text.contains(part), "\(part)")
        }
        #expect(page.text.contains(#"href="/products?pipeline=online-shop&amp;state=rejected&amp;remedy=G01"><b class="nums">112</b>"#))
        #expect(page.text.contains("<svg") && page.text.contains("</desc>"))
    }

    @Test("lists runs with books that sum, page by page, until there are no older ones")
    func runs() async throws {
        var seen: [String] = []
        var query: [String: String] = [:]
        for _ in 0..<5 {
            let page = try await get("/runs", query)
            seen += page.text.matches(of: #/href="\/runs\/([^"?]+)"/#).map { String($0.output.1) }
            guard let next = page.text.firstMatch(of: #/before=([^"]+)">Older/#) else { break }
            query["before"] = String(next.output.1).removingPercentEncoding
        }
        #expect(seen.count == 28 && Set(seen).count == 28)
    }

    @Test("shows a run's report, with a way to each product it names")
    func run() async throws {
        let page = try await get("/runs/" + PageShop.runID("baghdad-store", day: 0))
        #expect(page.status == 200)
        #expect(page.text.contains("112 rows were stopped by our checks"))
        #expect(page.text.contains("/products?q=\(PercentEncoded.text(PageShop.arabicID))&amp;pipeline=baghdad-store"))
        #expect(page.text.contains("https://admin.shop.example/p/\(PercentEncoded.text(PageShop.arabicID))"))
    }

    @Test("lists products by state and remedy, each once, page by page")
    func products() async throws {
        var seen: [String] = []
        var query = ["pipeline": "online-shop", "state": "rejected", "remedy": "G01"]
        for _ in 0..<5 {
            let page = try await get("/products", query)
            seen += page.text.matches(of: #/<a href="\/products\?q=([^&]+)&/#).map { String($0.output.1) }
            guard let next = page.text.firstMatch(of: #/after=([^"]+)">More/#) else { break }
            query["after"] = String(next.output.1).removingPercentEncoding
        }
        #expect(seen.count == 112 && Set(seen).count == 112)
        #expect(try await get("/products", query).text.contains("Fill in the brand"))
    }

    @Test("finds a product by its id, whatever is in it, and tells what happened to it in plain words", arguments: ["SKU-1005", PageShop.arabicID, PageShop.attack])
    func found(id: String) async throws {
        let page = try await get("/products", ["q": id])
        #expect(page.status == 200)
        #expect(page.text.contains("What happened to it"))
        #expect(page.text.contains(id == "SKU-1005" ? "Meta accepted it" : "Meta refused it"))
    }

    @Test("says plainly what it cannot find", arguments: [
        ("/products", ["q": "SKU-nowhere"], 200, "No product has exactly the id"), ("/products", ["state": "unknown"], 200, "There are none."),
        ("/runs/nowhere", [:], 404, "No such run"), ("/runs", ["before": "2020-01-01T00:00:00.000Z"], 200, "There are none before these."),
    ])
    func notFound(path: String, query: [String: String], status: Int, words: String) async throws {
        let page = try await get(path, query)
        #expect(page.status == status && page.text.contains(words))
    }

    @Test("answers nothing for what is none of its pages", arguments: ["/favicon.ico", "/runs/../etc/passwd/x", "/product", "//", "/products/"])
    func unknown(path: String) async throws {
        let response = await StatusPage(source: try Self.shop.get().source).respond(to: PageRequest(path: path))
        #expect(response == nil || response?.status == 404)
    }

    @Test("speaks plainly where nothing has run, and where the ledger cannot be read", arguments: ["/", "/runs", "/products"])
    func empty(path: String) async throws {
        var source = try Self.shop.get().source
        source.questions = { nil }
        source.status = { .unknown($0) }
        let page = try await get(path, [:], source)
        #expect(page.status == 200 && page.text.contains("vitrine run"))
        source.questions = { throw RunStop(.internalError, reason: "ledger", culprit: "/state/ledger.sqlite", detail: "it is damaged", remedy: "Run 'vitrine reindex'.") }
        let broken = try await get(path, [:], source)
        #expect(broken.status == 500 && broken.text.contains("it is damaged") && broken.text.contains("vitrine reindex"))
    }

    @Test("keeps what is hostile in ids, queries and addresses out of its markup", arguments: [
        ("/products", ["q": PageShop.attack]), ("/products", ["q": "\"><script>"]), ("/products", ["pipeline": "\"><script>", "state": "\"><script>", "remedy": "\"><script>", "after": "refused:\"><script>"]),
        ("/runs/<script>", [:]), ("/runs", ["before": "<script>", "pipeline": "<script>"]), ("/", ["refresh": "<script>"]), ("/products", ["state": "refused"]),
    ])
    func hostile(path: String, query: [String: String]) async throws {
        let page = try await get(path, query)
        #expect(!page.text.contains("<script"))
        // No tag has an attribute that our templates do not have.
        let tags = page.text.matches(of: #/<[a-z][^>]*>/#.matchingSemantics(.unicodeScalar)).map { $0.output.replacing(#/"[^"]*"/#.matchingSemantics(.unicodeScalar), with: "") }
        #expect(!tags.contains { $0.contains("onfocus") || $0.contains("onload") })
    }

    @Test("forbids everything that a page of text does not need")
    func headers() async throws {
        let headers = try await get("/").headers
        #expect(headers["Content-Security-Policy"]?.hasPrefix("default-src 'none'; style-src 'sha256-") == true)
        #expect(headers["X-Content-Type-Options"] == "nosniff" && headers["Referrer-Policy"] == "no-referrer" && headers["Cache-Control"] == "no-store")
    }

    @Test("loads itself anew only for who asks, and not too often")
    func refresh() async throws {
        #expect(try await !get("/").text.contains("http-equiv=\"refresh\""))
        #expect(try await get("/", ["refresh": "60"]).text.contains(#"<meta http-equiv="refresh" content="60">"#))
        #expect(try await get("/", ["refresh": "1"]).text.contains(#"content="10">"#))
    }

    @Test("is small, whatever the size of the shop")
    func bounded() async throws {
        for (path, query) in [("/", [:]), ("/runs", [:]), ("/products", [:]), ("/products", ["state": "accepted"]), ("/products", ["q": "SKU-1005"])] {
            #expect(try await get(path, query).text.utf8.count < 120_000, "\(path)")
        }
    }
}
