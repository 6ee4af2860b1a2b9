import Foundation
import TestKit
import Testing
import Transport

@Suite("Bodies in files")
struct FileBodyTests {
    private let transport: CurlTransport
    private let folder = FileManager.default.temporaryDirectory.path

    init() throws { transport = try CurlTransport() }

    private func file(_ text: String = "") throws -> OpenFile {
        let file = try #require(OpenFile.unnamed(in: folder))
        #expect(Array(text.utf8).withUnsafeBytes { file.write($0, at: 0) })
        return file
    }

    private func text(_ file: OpenFile) throws -> String {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: try #require(file.size), alignment: 1)
        defer { buffer.deallocate() }
        #expect(file.read(into: buffer, at: 0) == buffer.count)
        return String(decoding: buffer, as: UTF8.self)
    }

    @Test("a part of a file is sent, and no more", arguments: [HTTPRequest.Method.put, .post])
    func sends(method: HTTPRequest.Method) async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok()))
        var request = HTTPRequest(method, server.url, api: "test")
        request.bodyFile = FileRange(try file("0123456789"), offset: 3, count: 5)
        #expect(try await transport.send(request).status == 200)
        #expect(server.requests.map { String(decoding: $0.body, as: UTF8.self) } == ["34567"])
        #expect(server.requests.first?.header("content-length") == "5")
    }

    @Test("a file that has become shorter ends the request, and says so")
    func tooShort() async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok()))
        var request = HTTPRequest(.put, server.url, api: "test")
        request.bodyFile = FileRange(try file("0123"), count: 5)
        let error = await #expect(throws: TransportError.self) { try await transport.send(request) }
        #expect(error?.reason == .localFile && error?.requestMayHaveArrived == false)
    }

    @Test("an answer goes to its place in the file, and only one of the status it is meant for", arguments: [
        ("200 OK", 200, "abhello", 5, ""), ("206 Partial Content", 200, "ab", 0, "hello"), ("404 Not Found", 200, "ab", 0, "hello"), ("206 Partial Content", 206, "abhello", 5, ""),
    ])
    func receives(status: String, wanted: Int, inFile: String, stored: Int, inMemory: String) async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok("hello", status: status)))
        let target = try file("ab")
        var request = HTTPRequest(.get, server.url, api: "test")
        request.answerFile = AnswerFile(FileRange(target, offset: 2, count: 5), status: wanted)
        let response = try await transport.send(request)
        #expect(try text(target) == inFile)
        #expect(response.storedBytes == stored && String(decoding: response.body, as: UTF8.self) == inMemory)
    }

    @Test("an answer larger than its place is refused, with and without a length", arguments: [
        MisbehavingServer.ok("123456"), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n123456",
    ])
    func tooLarge(answer: String) async throws {
        let server = try MisbehavingServer(.answerThenClose(answer))
        var request = HTTPRequest(.get, server.url, api: "test", answerLimit: 1)
        request.answerFile = AnswerFile(FileRange(try file(), count: 5))
        let error = await #expect(throws: TransportError.self) { try await transport.send(request) }
        #expect(error?.reason == .tooLarge)
    }

    @Test("what came of a broken answer is in the file, to go on from there")
    func broken() async throws {
        let server = try MisbehavingServer(.answerThenClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1234"))
        let target = try file()
        var request = HTTPRequest(.get, server.url, api: "test")
        request.answerFile = AnswerFile(FileRange(target, count: 10))
        let error = await #expect(throws: TransportError.self) { try await transport.send(request) }
        #expect(try error?.reason == .partialAnswer && text(target) == "1234")
    }

    @Test("a full disk is our trouble and not the peer's")
    func fullDisk() async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok("hello")))
        let full = open("/dev/full", O_RDWR)
        try #require(full >= 0)
        var request = HTTPRequest(.get, server.url, api: "test")
        request.answerFile = AnswerFile(FileRange(OpenFile(adopting: full), count: 5))
        let error = await #expect(throws: TransportError.self) { try await transport.send(request) }
        #expect(error?.reason == .localFile && error?.culprit.contains("No space left") == true)
    }

    @Test("a HEAD is answered with the length of what does not come, however large")
    func head() async throws {
        let server = try MisbehavingServer(.answer("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"))
        let response = try await transport.send(HTTPRequest(.head, server.url, api: "test", answerLimit: 1))
        #expect(response.headers["content-length"] == "99999999999")
    }

    @Test("a path goes out as it is", arguments: ["/a//b", "/../up", "/a/./b/../c", "/%2e%2E/x", "/a%2Fb+c", "//"])
    func pathAsIs(path: String) async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok()))
        _ = try await transport.send(HTTPRequest(.get, server.url + path + "?q=%2B/", api: "test"))
        #expect(server.requests.first?.line == "GET \(path)?q=%2B/ HTTP/1.1")
    }
}
