import Foundation

/// A blocking HTTP/1.1 client on a bare socket: it shows how a connection ended, which a real client hides.
/// Each exchange has a thread of its own: Dispatch's threads also serve the concurrency pool on Linux, and a waiting test would starve the server.
struct RawClient: Sendable {
    enum Outcome: Sendable {
        case answer(Answer)
        /// The body ended before the length that was announced.
        case cutOff(status: Int, got: Int, announced: Int)
        /// End of file before the first byte.
        case closed
        /// Reset by the server.
        case reset

        /// How the connection ended.
        var ending: String {
            switch self {
            case .answer: "answer"
            case .cutOff: "cut off"
            case .closed: "closed"
            case .reset: "reset"
            }
        }

        var answer: Answer? { if case .answer(let answer) = self { answer } else { nil } }
    }

    struct Answer: Sendable {
        var status: Int
        var headers: [String: String]
        var body: [UInt8]
    }

    struct Request: Sendable {
        var method = "POST"
        var target: String
        var headers: [String: String] = [:]
        var body: [UInt8] = []

        var bytes: [UInt8] {
            var head = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(body.count)\r\n"
            for (name, value) in headers { head += "\(name): \(value)\r\n" }
            return Array((head + "\r\n").utf8) + body
        }
    }

    let port: Int

    func send(_ request: Request) async -> Outcome { await send([request])[0] }

    /// Several requests, one after the other, on one connection; stops at the first that gets no answer.
    func send(_ requests: [Request]) async -> [Outcome] {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [port] in continuation.resume(returning: Connection(port: port).exchange(requests)) }
        }
    }
}

private struct Connection {
    let descriptor: Int32

    init(port: Int) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        // A signal (children of other tests end all the time) interrupts the call, and the connection comes about all the same.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while poll(&waiting, 1, -1) < 0, errno == EINTR {}
    }

    func exchange(_ requests: [RawClient.Request]) -> [RawClient.Outcome] {
        defer { close(descriptor) }
        var outcomes: [RawClient.Outcome] = []
        for request in requests {
            let outcome = write(request.bytes) ? read() : .reset
            outcomes.append(outcome)
            if outcome.answer == nil { break }
        }
        return outcomes
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private func read() -> RawClient.Outcome {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            if let answer = Self.parse(bytes), answer.body.count == answer.announced {
                return .answer(.init(status: answer.status, headers: answer.headers, body: answer.body))
            }
            let count = recv(descriptor, &block, block.count, 0)
            if count < 0, errno == EINTR { continue }
            if count > 0 {
                bytes += block[..<count]
            } else if let answer = Self.parse(bytes) {
                return .cutOff(status: answer.status, got: answer.body.count, announced: answer.announced)
            } else {
                return count == 0 ? .closed : .reset
            }
        }
    }

    private static func parse(_ bytes: [UInt8]) -> (status: Int, headers: [String: String], body: [UInt8], announced: Int)? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let status = Int(lines[0].split(separator: " ")[1]) ?? 0
        return (status, headers, Array(bytes[end.upperBound...]), Int(headers["content-length"] ?? "") ?? 0)
    }
}
