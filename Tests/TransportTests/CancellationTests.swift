import TestKit
import Testing
import Transport

@Suite("Cancelling, queueing, stopping", .timeLimit(.minutes(1)))
struct CancellationTests {
    private func hangingRequest(_ server: MisbehavingServer) -> HTTPRequest {
        HTTPRequest(.post, server.url, api: "test", body: [1], timeout: .seconds(600))
    }

    private func reason(of task: Task<HTTPResponse, any Error>) async -> TransportError? {
        do {
            _ = try await task.value
            return nil
        } catch {
            return error as? TransportError
        }
    }

    @Test("cancelling the task ends the transfer and its connection")
    func cancel() async throws {
        let server = try MisbehavingServer(.hang)
        let transport = try CurlTransport()
        let request = hangingRequest(server)
        let task = Task { try await transport.send(request) as HTTPResponse }
        await server.requestsArrived(1)
        task.cancel()
        let error = await reason(of: task)
        #expect(error?.reason == .cancelled)
        #expect(error?.requestMayHaveArrived == true)
        await server.connectionsEnded(1)
    }

    @Test("a task that is already cancelled sends nothing")
    func cancelledBefore() async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok()))
        let transport = try CurlTransport()
        let request = hangingRequest(server)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await transport.send(request) as HTTPResponse
        }
        let error = await reason(of: task)
        #expect(error?.reason == .cancelled)
        #expect(error?.requestMayHaveArrived == false)
        #expect(server.requests.isEmpty)
    }

    @Test("no more transfers run at once than configured; the rest wait their turn and then run")
    func queue() async throws {
        let server = try MisbehavingServer(.hang, .hang, .answer(MisbehavingServer.ok()))
        var configuration = TransportConfiguration()
        configuration.maxConcurrentTransfers = 2
        let transport = try CurlTransport(configuration: configuration)
        let request = hangingRequest(server)
        let first = (1...2).map { _ in Task { try await transport.send(request) as HTTPResponse } }
        await server.requestsArrived(2)
        let third = Task { try await transport.send(request) as HTTPResponse }
        let fourth = Task { try await transport.send(request) as HTTPResponse }
        fourth.cancel()
        #expect(await reason(of: fourth)?.reason == .cancelled)
        #expect(server.connectionCount == 2)
        first[0].cancel()
        #expect(try await third.value.status == 200)
        #expect(server.requests.count == 3)
        first[1].cancel()
    }

    @Test("more waiting requests than allowed are refused at once")
    func queueFull() async throws {
        let server = try MisbehavingServer(.hang)
        var configuration = TransportConfiguration()
        configuration.maxConcurrentTransfers = 1
        configuration.maxWaitingRequests = 0
        let transport = try CurlTransport(configuration: configuration)
        let request = hangingRequest(server)
        let first = Task { try await transport.send(request) as HTTPResponse }
        await server.requestsArrived(1)
        let error = await #expect(throws: TransportError.self) { try await transport.send(request) }
        #expect(error?.reason == .queueFull)
        first.cancel()
        #expect(await reason(of: first)?.reason == .cancelled)
    }

    @Test("shutting down ends what runs and refuses what comes")
    func shutdown() async throws {
        let server = try MisbehavingServer(.hang)
        let transport = try CurlTransport()
        let request = hangingRequest(server)
        let running = Task { try await transport.send(request) as HTTPResponse }
        await server.requestsArrived(1)
        transport.shutdown()
        transport.shutdown()
        #expect(await reason(of: running)?.reason == .cancelled)
        let error = await #expect(throws: TransportError.self) { try await transport.send(request) }
        #expect(error?.reason == .cancelled)
        await server.connectionsEnded(1)
    }

    @Test("whatever the moment of cancelling, every request ends once, answered or cancelled")
    func cancelRaces() async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok()))
        let transport = try CurlTransport()
        let tasks = (0..<300).map { number in
            let task = Task { try await transport.send(HTTPRequest(.post, server.url, api: "test", body: [1])) as HTTPResponse }
            if number % 2 == 0 { task.cancel() }
            return task
        }
        for (number, task) in tasks.enumerated() {
            let error = await reason(of: task)
            #expect(error == nil || (number % 2 == 0 && error?.reason == .cancelled))
        }
    }

    @Test("five hundred requests at once are all answered, each with its own answer")
    func many() async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok("fine")))
        let transport = try CurlTransport()
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<500 {
                group.addTask {
                    let body = Array("\(number)".utf8)
                    return try await transport.send(HTTPRequest(.post, server.url, api: "test", body: body)).status
                }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(answers == Array(repeating: 200, count: 500))
        #expect(Set(server.requests.map(\.body)).count == 500)
        #expect(server.connectionCount <= 32)
    }
}
