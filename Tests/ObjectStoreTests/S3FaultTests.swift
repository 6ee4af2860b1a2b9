import AWS
import Events
import Foundation
import ObjectStore
import Synchronization
import TestKit
import Testing
import Transport

/// A server that says what its script says, in S3's place.
@Suite("A bucket that fails")
struct S3FaultTests {
    private static let modified = "Last-Modified: Sat, 21 Nov 2026 11:59:00 GMT"
    private static let date = "Date: Sat, 21 Nov 2026 12:00:00 GMT"
    private static let slowDown = MisbehavingServer.ok("<Error><Code>SlowDown</Code></Error>", status: "503 Slow Down")
    private static let broken = MisbehavingServer.ok("<Error><Code>InternalError</Code></Error>", status: "500 Internal Server Error")

    private static func object(_ body: String, _ etag: String = "one", status: String = "200 OK", more: [String] = []) -> String {
        MisbehavingServer.ok(body, status: status, headers: ["ETag: \"\(etag)\"", modified, date] + more)
    }

    private static func head(_ length: Int, _ etag: String = "one", more: [String] = []) -> String {
        (["HTTP/1.1 200 OK", "ETag: \"\(etag)\"", modified, date, "Content-Length: \(length)"] + more + ["", ""]).joined(separator: "\r\n")
    }

    private static func refusal(_ status: String, _ code: String) -> String {
        MisbehavingServer.ok("<Error><Code>\(code)</Code><Message>no</Message></Error>", status: status, headers: [date])
    }

    private func store(
        _ server: MisbehavingServer, _ change: (inout S3Store.Options) -> Void = { _ in }, sleep: (@Sendable (Duration) async throws -> Void)? = nil
    ) throws -> S3Store {
        let environment = [
            "AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-central-1",
        ]
        var world = AWSWorld.test(environment, sleep: sleep)
        world.readFile = { _ in withExtendedLifetime(server) { nil } }  // the store keeps its server
        return try Bucket(environment, world: world).store("s3://shop-files", spool: NSTemporaryDirectory(), change)
    }

    @Test("is asked again where it is busy or broken, and the object is whole")
    func busy() async throws {
        let server = try MisbehavingServer(
            .answer(Self.slowDown), .answer(Self.broken), .resetAfterReading(bytes: 10), .answer(Self.object("rows")))
        #expect(try await store(server).get("a", limit: 10) == Array("rows".utf8))
        #expect(server.requests.count == 4)
    }

    @Test("is given up after six tries, and the error says that it is not reached", arguments: ["slow", "broken", "reset"])
    func givenUp(how: String) async throws {
        let server = try MisbehavingServer(how == "slow" ? .answer(Self.slowDown) : how == "broken" ? .answer(Self.broken) : .resetAfterReading(bytes: 10))
        let store = try store(server)
        #expect(try await store.refusal { _ = try await $0.get("a", limit: 10) } == .unreachable)
        #expect(server.requests.count >= 6)
    }

    @Test("and breaks in the middle of a get is read on from there, still in the same version")
    func brokenGet() async throws {
        let cut = "HTTP/1.1 200 OK\r\nETag: \"one\"\r\n\(Self.modified)\r\nContent-Length: 10\r\n\r\n0123"
        let cutAgain = "HTTP/1.1 206 Partial Content\r\nETag: \"one\"\r\n\(Self.modified)\r\nContent-Length: 6\r\n\r\n45"
        let server = try MisbehavingServer(
            .answerThenReset(cut), .answer(Self.head(10)), .answerThenReset(cut), .answerThenReset(cutAgain),
            .answer(Self.object("6789", status: "206 Partial Content")))
        let pinned = try await store(server).pin("a")
        #expect(try pinned.text() == "0123456789")
        let reads = server.requests.dropFirst(2)
        #expect(reads.map { $0.header("if-match") } == Array(repeating: "\"one\"", count: reads.count))
        #expect(reads.last?.header("range") == "bytes=6-")
    }

    @Test("and is written to in the middle of a get gives the new version whole, never a mixture")
    func replacedMidway() async throws {
        let cut = "HTTP/1.1 200 OK\r\nETag: \"one\"\r\n\(Self.modified)\r\nContent-Length: 10\r\n\r\nold-"
        let server = try MisbehavingServer(
            .answerThenReset(cut), .answer(Self.head(10)), .answerThenReset(cut), .answer(Self.refusal("412 Precondition Failed", "PreconditionFailed")),
            .answer(Self.head(8, "two")), .answer(Self.object("new rows", "two")))
        let pinned = try await store(server).pin("a")
        #expect(try pinned.text() == "new rows" && pinned.info.revision == "two")
    }

    @Test("and replaces an object at every look makes the pin end, not go on for ever")
    func replacedForEver() async throws {
        let cut = "HTTP/1.1 200 OK\r\nETag: \"one\"\r\n\(Self.modified)\r\nContent-Length: 10\r\n\r\nold-"
        let gone = MisbehavingServer.Reply.answer(Self.refusal("412 Precondition Failed", "PreconditionFailed"))
        let looks = [MisbehavingServer.Reply.answer(Self.head(10)), gone]
        let server = try MisbehavingServer(script: [.answerThenReset(cut)] + looks + looks + looks + looks)
        let store = try store(server)
        #expect(try await store.refusal { _ = try await $0.pin("a") } == .changed)
    }

    @Test("and resets in the middle of a put is sent the whole body again", arguments: [false, true])
    func brokenPut(large: Bool) async throws {
        let server = try MisbehavingServer(.resetAfterReading(bytes: 400), .answer(Self.object("")))
        let bytes = [UInt8](repeating: 7, count: large ? 3_000_000 : 1_000)
        try await store(server).put("a", bytes, .always)
        #expect(server.requests.last?.body == bytes)
    }

    @Test("and lost its answer is found to have done what was asked, by the mark of the put")
    func lostAnswer() async throws {
        let server = try MarkedServer()
        try await store(server.server).put("journal/1", Array("fact".utf8), .ifAbsent)
        #expect(server.server.requests.map(\.line.first) == ["P", "P", "H"])
    }

    @Test("and says 412 to a put whose answer was lost, for another's object, is believed")
    func lostAnswerOfAnother() async throws {
        let server = try MisbehavingServer(
            .answerThenReset(""), .answer(Self.refusal("412 Precondition Failed", "PreconditionFailed")), .answer(Self.head(4, more: ["x-amz-meta-vitrine-put: other"])))
        let store = try store(server)
        #expect(try await store.refusal { try await $0.put("journal/1", [1], .ifAbsent) } == .alreadyThere)
    }

    @Test("tells a race (409, try again) from a lost condition (412)")
    func conflict() async throws {
        let race = MisbehavingServer.Reply.answer(Self.refusal("409 Conflict", "ConditionalRequestConflict"))
        let won = try MisbehavingServer(race, race, .answer(Self.object("")))
        try await store(won).put("claim", [1], .ifAbsent)
        #expect(won.requests.count == 3)
        let lost = try MisbehavingServer(race, .answer(Self.refusal("412 Precondition Failed", "PreconditionFailed")))
        let store1 = try store(lost)
        #expect(try await store1.refusal { try await $0.put("claim", [1], .ifAbsent) } == .alreadyThere)
        let endless = try MisbehavingServer(race)
        let store2 = try store(endless)
        #expect(try await store2.refusal { try await $0.put("claim", [1], .ifAbsent) } == .changed)
    }

    @Test("and hides an error in a 200 is not believed")
    func errorWithin200() async throws {
        let done = MisbehavingServer.ok("<?xml version=\"1.0\"?>\n\n<CopyObjectResult><ETag>&quot;one&quot;</ETag></CopyObjectResult>")
        let hidden = MisbehavingServer.ok("<Error><Code>InternalError</Code></Error>")
        let server = try MisbehavingServer(
            .answer(Self.object("rows")), .answer(Self.head(4)), .answer(hidden), .answer(done), .answer(MisbehavingServer.ok(status: "204 No Content")))
        let store = try store(server)
        let pinned = try await store.pin("data/a")
        #expect(try await store.move("data/a", pinned: pinned, to: "archive/a") == .moved)
        #expect(server.requests.map { String($0.line.prefix { $0 != " " }) } == ["GET", "HEAD", "PUT", "PUT", "DELETE"])
        #expect(server.requests[2].header("x-amz-copy-source") == "/shop-files/data/a" && server.requests[2].header("x-amz-copy-source-if-match") == "\"one\"")
        #expect(server.requests[4].header("if-match") == "one")
        let always = try MisbehavingServer(.answer(Self.object("rows")), .answer(Self.head(4)), .answer(hidden))
        let failing = try self.store(always)
        let other = try await failing.pin("data/a")
        #expect(try await failing.refusal { _ = try await $0.move("data/a", pinned: other, to: "archive/a") } == .unreachable)
    }

    @Test("and replaces the source between copy and delete keeps the new one, and archives the pinned one")
    func replacedBeforeDelete() async throws {
        let done = MisbehavingServer.ok("<CopyObjectResult><ETag>one</ETag></CopyObjectResult>")
        let server = try MisbehavingServer(
            .answer(Self.object("rows")), .answer(Self.head(4)), .answer(done), .answer(Self.refusal("412 Precondition Failed", "PreconditionFailed")), .answer(Self.object("")))
        let store = try store(server)
        let pinned = try await store.pin("data/a")
        #expect(try await store.move("data/a", pinned: pinned, to: "archive/a") == .copiedSourceChanged)
        #expect(server.requests.last?.line.hasPrefix("PUT /shop-files/archive/a ") == true && server.requests.last?.body == Array("rows".utf8))
    }

    @Test("in the middle of parts leaves no parts behind")
    func abortedParts() async throws {
        let created = MisbehavingServer.ok("<InitiateMultipartUploadResult><UploadId>up+1/=</UploadId></InitiateMultipartUploadResult>")
        let server = try MisbehavingServer(
            .answer(created), .answer(Self.object("")), .answer(Self.refusal("403 Forbidden", "AccessDenied")), .answer(MisbehavingServer.ok(status: "204 No Content")))
        let store = try store(server) { $0.largestPut = 10; $0.partSize = 8 }
        #expect(try await store.refusal { try await $0.put("a", [UInt8](repeating: 1, count: 20), .always) } == .permission)
        #expect(server.requests.last?.line == "DELETE /shop-files/a?uploadId=up%2B1%2F%3D HTTP/1.1")
        #expect(server.requests.map { $0.body.count } == [0, 8, 8, 0])
    }

    @Test("and takes its session token back says that it has ended")
    func expired() async throws {
        let server = try MisbehavingServer(.answer(Self.refusal("400 Bad Request", "ExpiredToken")))
        let store = try store(server)
        let error = await #expect(throws: StoreError.self) { try await store.list(prefix: "") }
        #expect(error?.reason == .permission && error?.detail.contains("ExpiredToken") == true)
    }

    @Test("and answers nonsense is refused with words", arguments: [
        "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>", "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
        "not xml", "<ListBucketResult>", "",
    ])
    func nonsense(body: String) async throws {
        let store = try store(try MisbehavingServer(.answer(MisbehavingServer.ok(body))))
        let error = await #expect(throws: StoreError.self) { try await store.list(prefix: "") }
        #expect(error?.reason == .failed && error?.detail.contains("the answer") == true)
    }
}

/// Keeps the first put, loses its answer, and has its mark when asked.
private struct MarkedServer {
    let server: MisbehavingServer

    init() throws {
        server = try MisbehavingServer(deciding: { requests in
            switch requests.count {
            case 1: return .answerThenReset("")
            case 2: return .answer(MisbehavingServer.ok("<Error><Code>PreconditionFailed</Code></Error>", status: "412 Precondition Failed"))
            default:
                let mark = requests[0].header("x-amz-meta-vitrine-put") ?? "none"
                return .answer("HTTP/1.1 200 OK\r\nETag: \"x\"\r\nLast-Modified: Sat, 21 Nov 2026 11:59:00 GMT\r\nContent-Length: 4\r\nx-amz-meta-vitrine-put: \(mark)\r\n\r\n")
            }
        })
    }
}
