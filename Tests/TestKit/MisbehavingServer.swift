import Foundation
import Synchronization

import Glibc

/// A tiny HTTP/1.1 server on a raw socket of 127.0.0.1 that answers as its script says, above all wrongly.
///
/// Each request, on whatever connection, takes the next reply of the script; the last one repeats. Connections stay open after `.answer`.
public final class MisbehavingServer: Sendable {
    public enum Reply: Sendable {
        /// These bytes, and the connection stays open.
        case answer(String)
        /// These bytes, then the connection ends in order.
        case answerThenClose(String)
        /// These bytes, then a reset (RST).
        case answerThenReset(String)
        /// Reads only that many bytes of the request, then resets.
        case resetAfterReading(bytes: Int)
        /// Nothing, until the client goes away.
        case hang
        /// One byte every `milliseconds`, until all are sent or the client goes away.
        case drip(String, milliseconds: Int32)
    }

    public struct Request: Sendable {
        /// Number of the connection it came on, from 1.
        public let connection: Int
        public let head: String
        public let body: [UInt8]

        public var line: String { String(head.prefix { $0 != "\r\n" && $0 != "\r" }) }

        public func header(_ name: String) -> String? {
            for line in head.split(separator: "\r\n").dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.first?.lowercased() == name.lowercased() { return parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "" }
            }
            return nil
        }
    }

    public let port: Int
    public var url: String { "http://127.0.0.1:\(port)" }

    private let listener: Listener
    private let state: Mutex<State>

    private struct State {
        var script: [Reply]
        var decide: (@Sendable ([Request]) -> Reply)?
        var requests: [Request] = []
        var connections: Set<Int32> = []
        var connectionCount = 0
        var departures = 0
        var waiters: [(isMet: (State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []

        mutating func takeMet() -> [CheckedContinuation<Void, Never>] {
            let now = self
            waiters.removeAll { $0.isMet(now) }
            return now.waiters.filter { $0.isMet(now) }.map(\.continuation)
        }
    }

    public struct SetupError: Error { public let call: String, code: Int32 }

    /// A whole answer with its length.
    public static func ok(_ body: String = "", status: String = "200 OK", headers: [String] = []) -> String {
        (["HTTP/1.1 \(status)"] + headers + ["Content-Length: \(body.utf8.count)", "", body]).joined(separator: "\r\n")
    }

    public convenience init(_ script: Reply...) throws { try self.init(script: script) }

    public convenience init(script: [Reply]) throws {
        precondition(!script.isEmpty, "a server without replies")
        try self.init(State(script: script))
    }

    /// - Parameter decide: gets every request so far, the one to answer the last. It may not reset within one.
    public convenience init(deciding decide: @escaping @Sendable ([Request]) -> Reply) throws {
        try self.init(State(script: [.hang], decide: decide))
    }

    private init(_ start: sending State) throws {
        state = Mutex(start)
        let (descriptor, port) = try Self.listen()
        self.port = port
        listener = Listener(descriptor)
        Thread.detachNewThread { [listener, weak self] in
            while true {
                let connection = accept(listener.descriptor, nil, nil)
                if connection < 0, errno == EINTR { continue }
                guard connection >= 0, let server = self else { break }
                let number = server.opened(connection)
                Thread.detachNewThread { server.serve(connection, number: number) }
            }
            listener.close()
        }
    }

    /// Its number belongs to somebody else once it is closed: stopping twice must not end another server.
    private final class Listener: Sendable {
        let descriptor: Int32
        private let isOpen = Mutex(true)

        init(_ descriptor: Int32) { self.descriptor = descriptor }

        func stop() { isOpen.withLock { if $0 { _ = shutdown(descriptor, Int32(SHUT_RDWR)) } } }

        func close() {
            isOpen.withLock { isOpen in
                if isOpen { _ = Glibc.close(descriptor) }
                isOpen = false
            }
        }
    }

    deinit { stop() }

    /// Ends the server and every open connection.
    public func stop() {
        listener.stop()
        state.withLock { for connection in $0.connections { shutdown(connection, Int32(SHUT_RDWR)) } }
    }

    public var requests: [Request] { state.withLock(\.requests) }
    public var connectionCount: Int { state.withLock(\.connectionCount) }

    /// Returns once that many requests were read as far as the script wants.
    public func requestsArrived(_ count: Int) async { await met { $0.requests.count >= count } }

    /// Returns once that many connections have ended, from whichever side.
    public func connectionsEnded(_ count: Int) async { await met { $0.departures >= count } }

    private func met(_ isMet: @escaping @Sendable (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let now = state.withLock { state in
                if !isMet(state) { state.waiters.append((isMet, continuation)) }
                return isMet(state)
            }
            if now { continuation.resume() }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let met = state.withLock { state in
            body(&state)
            return state.takeMet()
        }
        for continuation in met { continuation.resume() }
    }

    private func opened(_ connection: Int32) -> Int {
        state.withLock { state in
            state.connections.insert(connection)
            state.connectionCount += 1
            return state.connectionCount
        }
    }

    private func nextReply() -> Reply {
        state.withLock { $0.script.count > 1 ? $0.script.removeFirst() : $0.script[0] }
    }
}

// MARK: - One connection

extension MisbehavingServer {
    private func serve(_ connection: Int32, number: Int) {
        var wire = Wire(socket: connection)
        while wire.waitForBytes(), let keepOpen = answer(&wire, number: number), keepOpen {}
        change { state in
            state.connections.remove(connection)
            close(connection)
            state.departures += 1
        }
    }

    /// Returns whether the connection stays open, nil where the client went away within a request.
    private func answer(_ wire: inout Wire, number: Int) -> Bool? {
        var reply = nextReply()
        if case .resetAfterReading(let bytes) = reply {
            while wire.pending.count < bytes, wire.read() {}
            wire.resetOnClose()
            note(Request(connection: number, head: String(decoding: wire.pending, as: UTF8.self), body: []))
            return false
        }
        guard let (head, body) = wire.readRequest() else { return nil }
        note(Request(connection: number, head: head, body: body))
        if let (decide, requests) = state.withLock({ state in state.decide.map { ($0, state.requests) } }) { reply = decide(requests) }
        switch reply {
        case .answer(let text):
            wire.send(Array(text.utf8))
            return true
        case .answerThenClose(let text): wire.send(Array(text.utf8))
        case .answerThenReset(let text):
            wire.send(Array(text.utf8))
            wire.resetOnClose()
        case .hang: wire.waitForDeparture()
        case .drip(let text, let milliseconds):
            for byte in text.utf8 where !wire.departed(within: milliseconds) { wire.send([byte]) }
        case .resetAfterReading: break
        }
        return false
    }

    private func note(_ request: Request) { change { $0.requests.append(request) } }

    static func listen() throws -> (socket: Int32, port: Int) {
        #if canImport(Darwin)
        let listener = socket(AF_INET, SOCK_STREAM, 0)
        #else
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        guard listener >= 0 else { throw SetupError(call: "socket", code: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) | SocketCalls.listen(listener) | getsockname(listener, address, &length)
            }
        }
        guard code == 0 else { throw SetupError(call: "bind", code: errno) }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }
}

/// The type's own `listen` hides the call's name.
private enum SocketCalls {
    static func listen(_ socket: Int32) -> Int32 {
        #if canImport(Darwin)
        Darwin.listen(socket, 64)
        #else
        Glibc.listen(socket, 64)
        #endif
    }
}
