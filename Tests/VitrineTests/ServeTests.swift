import CatalogSync
import Foundation
import Glibc
import Gzip
import Sandbox
import TestKit
import Testing

@testable import VitrineApp

/// The real `vitrine serve`, as a service manager and a person meet it.
@Suite("vitrine serve")
struct ServeTests {
    private static func settings(_ graphURL: String, keys: String = "schedule: \"0 0 1 1 *\"", prometheus: String = "listen: \"127.0.0.1:0\"") -> String {
        Shop.settings(graphURL, "", keys).replacing("telemetry: {", with: "telemetry: {prometheus: {\(prometheus)}, ")
    }

    /// Waits until it listens. - Returns: the port.
    private func port(of serving: Running) async throws -> Int {
        let hasBegun = await becomes { serving.errors.contains("\"run.next\"") || serving.hasEnded }
        let url = try #require(serving.errors.firstMatch(of: /"url":"http:\/\/127\.0\.0\.1:(\d+)"/)?.1, "\(hasBegun) \(serving.errors)")
        return try #require(Int(url))
    }

    @Test("SIGTERM: nothing new, the run in progress gives up and can be resumed, exit 0")
    func stops() async throws {
        // Handles stay open for as long as anybody asks.
        try await withSandbox(.none, handleDelay: 1_000_000) { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL, settings: Self.settings(sandbox.graphURL, keys: "{}").replacing("    {}\n", with: "    watch: true\n    watch_interval: 1s\n"))
            try shop.write("landing/data/a.csv", Rows.file(1...3))
            let serving = try shop.start(["serve", "--output", "json"])
            #expect(await becomes { serving.errors.contains("\"batch.sent\"") || serving.hasEnded })
            serving.signal(SIGTERM)
            let finished = await serving.end()
            #expect(finished.code == 0)
            #expect(try finished.document()["error"].isNull)
            #expect(finished.stderr.contains("\"serve.stopping\"") && finished.stderr.contains("\"count\":1"))
            #expect(finished.stderr.contains("\"state\":\"failed\""))
            #expect(finished.stderr.contains("\"serve.stopped\""))
            #expect(shop.files().keys.contains { $0.hasPrefix("synced/shop/open/") }, "the next start goes on with it")
        }
    }

    @Test("SIGHUP reads the settings anew; wrong ones are told and change nothing")
    func reloads() async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9", settings: Self.settings("http://127.0.0.1:9"))
        let serving = try shop.start(["serve"])
        _ = try await port(of: serving)
        let good = Self.settings("http://127.0.0.1:9")
        try shop.write("vitrine.yaml", good.replacing("0 0 1 1 *", with: "0 0 1 13 *"))
        serving.signal(SIGHUP)
        #expect(await becomes { serving.errors.contains("\"settings.refused\"") || serving.hasEnded })
        try shop.write("vitrine.yaml", good.replacing("0 0 1 1 *", with: "0 0 2 1 *"))
        serving.signal(SIGHUP)
        #expect(await becomes { serving.errors.contains("\"settings.reloaded\"") || serving.hasEnded })
        serving.signal(SIGTERM)
        let finished = await serving.end()
        #expect(finished.code == 0)
        #expect(finished.stderr.contains("vitrine.yaml:6"))
        #expect(finished.stderr.contains("-01-02T00:00:00.000Z"))
    }

    @Test("listening beyond this machine without a word about who may look is refused", arguments: ["0.0.0.0:0", "[::]:0"])
    func refuses(listen: String) async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9", settings: Self.settings("http://127.0.0.1:9", prometheus: "listen: \"\(listen)\""))
        let finished = try await shop.vitrine("serve", "--output", "json")
        #expect(finished.code == 78)
        let error = try finished.document()["error"]
        #expect(error["culprit"].text?.contains("vitrine.yaml:") == true)
        #expect(error["remedy"].text?.contains("bearer_token") == true && error["remedy"].text?.contains("unprotected") == true)
    }

    @Test("a token that is named and is not there: 78, before anything listens")
    func missingToken() async throws {
        let shop = try Shop(
            graphURL: "http://127.0.0.1:9", settings: Self.settings("http://127.0.0.1:9", prometheus: "listen: \"127.0.0.1:0\", bearer_token: env:NOT_THERE"))
        let finished = try await shop.vitrine("serve")
        #expect(finished.code == 78)
        #expect(finished.stderr.contains("NOT_THERE") && !finished.stderr.contains("serve.listening"))
    }

    @Test("a second process on the same state, and one on the same port, hear it at once")
    func second() async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9", settings: Self.settings("http://127.0.0.1:9"))
        let serving = try shop.start(["serve"])
        let port = try await port(of: serving)
        let second = try await shop.vitrine("serve", "--output", "json")
        #expect(second.code == 75)
        #expect(try second.document()["error.reason"].text == "lease_held")
        let other = try Shop(graphURL: "http://127.0.0.1:9", settings: Self.settings("http://127.0.0.1:9", prometheus: "listen: \"127.0.0.1:\(port)\""))
        let third = try await other.vitrine("serve", "--output", "json")
        #expect(third.code == 69)
        #expect(try third.document()["error.remedy"].text?.contains("free port") == true)
        #expect(!third.stderr.contains("serve.started"))
        serving.signal(SIGTERM)
        #expect(await serving.end().code == 0)
    }

    @Test("what comes over the wire badly gets a plain answer or an end, and the next one is served")
    func wire() async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9", settings: Self.settings("http://127.0.0.1:9"))
        let serving = try shop.start(["serve"])
        let client = PlainClient(port: try await port(of: serving))
        let head = try #require(await client.get("/metrics", method: "HEAD"))
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(head.header("Content-Length").flatMap { Int($0) }.map { $0 > 1_000 } == true)
        #expect(await client.get("/metrics", method: "POST", body: "x=1")?.status == 405)
        #expect(await client.get("/metrics", method: "POST", body: "x=1")?.header("Allow") == "GET, HEAD")
        #expect(await client.get("/nothing")?.status == 404)
        #expect(await client.get("/" + String(repeating: "a", count: 5_000))?.status == 414)
        // A body that is announced and never ends must not keep the connection: the answer comes without it.
        #expect(await client.exchange("POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n")?.status == 413)
        #expect(await client.exchange("GET /metrics HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")?.status == 413)
        let many = (0..<200).map { "X-\($0): y" }
        for headers in [["X: " + String(repeating: "y", count: 20_000)], many] {
            let answer = await client.get("/metrics", headers: headers)
            #expect(answer == nil || (400..<500).contains(answer?.status ?? 0), "\(answer?.head ?? "")")
        }
        _ = await client.exchange("\u{0}\u{1}nonsense\r\n\r\n")
        let packed = try #require(await client.get("/metrics", headers: ["Accept-Encoding: gzip"]))
        #expect(packed.header("Content-Encoding") == "gzip" && packed.body.starts(with: [0x1f, 0x8b]))
        #expect(await client.get("/healthz")?.status == 200)
        #expect(await client.get("/readyz")?.text == "ok settings\nok ledger\nok schedule\n")
        serving.signal(SIGTERM)
        #expect(await serving.end().code == 0)
    }

    @Test("planted tokens and passwords are in no scrape, page, log or file, even where Meta repeats them")
    func secrets() async throws {
        let planted = ["EAABplantedTokenZ9x8w7v6u5t4s3r2q1", "scrapeTokenPl4nted", "pl4ntedPassw0rd"]
        let meta = try EchoingMeta()
        defer { meta.stop() }
        let settings = Self.settings(
            meta.graphURL, keys: "watch: true", prometheus: "listen: \"127.0.0.1:0\", bearer_token: env:SCRAPE, user: ana, password: env:PASSWORD"
        ).replacing("watch: true\n", with: "watch: true\n    watch_interval: 1s\n").replacing("vitrine.ndjson", with: "vitrine.ndjson, level: debug")
        let shop = try Shop(graphURL: meta.graphURL, token: planted[0], settings: settings)
        try shop.write("landing/data/a.csv", Rows.file(1...3))
        let serving = try shop.start(["serve", "--log-level", "debug"], environment: ["SCRAPE": planted[1], "PASSWORD": planted[2]])
        #expect(await becomes { serving.errors.contains("\"run.ended\"") || serving.hasEnded })
        let client = PlainClient(port: try #require(serving.errors.firstMatch(of: /"url":"http:\/\/127\.0\.0\.1:(\d+)"/).flatMap { Int($0.1) }))
        var said = ""
        for header in ["Authorization: Bearer \(planted[1])", "Authorization: Basic \(Data("ana:\(planted[2])".utf8).base64EncodedString())"] {
            for target in ["/metrics", "/", "/runs", "/products?q=\(planted[1])", "/healthz", "/readyz", "/nothing"] {
                let answer = try #require(await client.get(target, headers: [header]))
                #expect(answer.status != 401)
                // What somebody types into an address comes back in the page to whoever typed it; that is no leak.
                if !target.contains("q=") { said += answer.head + answer.text }
            }
        }
        for target in ["/metrics", "/", "/runs?token=\(planted[1])"] { #expect(await client.get(target)?.status == 401) }
        serving.signal(SIGTERM)
        let finished = await serving.end()
        said += finished.stdout + finished.stderr
        #expect(meta.received.contains("Bearer \(planted[0])"), "the test would prove nothing if it had not been sent")
        #expect(said.contains("vitrine_runs_total") && said.contains("request.refused"))
        for secret in planted {
            #expect(!said.contains(secret))
            for (name, content) in shop.files() {
                let text = name.hasSuffix(".gz") ? Data(try gunzip([UInt8](content), limit: 64 << 20)) : content
                #expect(text.range(of: Data(secret.utf8)) == nil, "\(name) holds a secret")
            }
        }
    }

    @Test("systemd is told when it serves and when it stops, and that it lives")
    func notifies() async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9", settings: Self.settings("http://127.0.0.1:9"))
        let listener = try DatagramListener(path: shop.folder + "/notify")
        let serving = try shop.start(["serve"], environment: ["NOTIFY_SOCKET": listener.path, "WATCHDOG_USEC": "1000000"])
        _ = try await port(of: serving)
        serving.signal(SIGHUP)
        #expect(await becomes { serving.errors.contains("\"settings.reloaded\"") || serving.hasEnded })
        serving.signal(SIGTERM)
        #expect(await serving.end().code == 0)
        let told = listener.received
        let firsts = told.compactMap { $0.split(separator: "\n").first }
        #expect(firsts.first == "READY=1" && firsts.last == "STOPPING=1")
        #expect(firsts.contains("WATCHDOG=1") && firsts.contains("RELOADING=1"))
        #expect(told.contains { $0.contains("RELOADING=1\nMONOTONIC_USEC=") })
    }
}

/// What came to a Unix datagram socket.
private struct DatagramListener {
    let path: String
    private let descriptor: Int32

    init(path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        try #require(status == 0, "bind: \(String(cString: strerror(errno)))")
    }

    /// All so far; closes it.
    var received: [String] {
        defer { close(descriptor) }
        var found: [String] = []
        var block = [UInt8](repeating: 0, count: 4_096)
        while case let count = recv(descriptor, &block, block.count, Int32(MSG_DONTWAIT)), count > 0 {
            found.append(String(decoding: block[..<count], as: UTF8.self))
        }
        return found
    }
}
