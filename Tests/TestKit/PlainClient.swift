import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// One HTTP/1.1 exchange over a socket of its own, on a thread of its own: what goes out is what the test wrote, byte for byte.
public struct PlainClient: Sendable {
    public struct Answer: Sendable {
        public let status: Int
        public let head: String
        public let body: [UInt8]

        public var text: String { String(decoding: body, as: UTF8.self) }

        public func header(_ name: String) -> String? { headers(name).first }

        public func headers(_ name: String) -> [String] {
            head.split(separator: "\r\n").dropFirst().compactMap { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return parts.first?.lowercased() == name.lowercased() ? parts.dropFirst().first?.trimmingCharacters(in: .whitespaces) ?? "" : nil
            }
        }
    }

    public let port: Int

    public init(port: Int) { self.port = port }

    /// - Parameter headers: whole lines.
    public func get(_ target: String, method: String = "GET", headers: [String] = [], body: String = "") async -> Answer? {
        let head = ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close"] + headers
            + (body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"])
        return await exchange(head.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Sends, and reads to the end of the connection. Nil: nobody listens, or nothing that can be read came back.
    public func exchange(_ request: String) async -> Answer? {
        let bytes = Array(request.utf8)
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread { [port] in continuation.resume(returning: Self.exchange(bytes, port: port)) }
        }
    }

    private static func exchange(_ request: [UInt8], port: Int) -> Answer? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
        } || errno == EINTR
        guard isConnected else { return nil }
        Wire(socket: descriptor).send(request)
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while case let count = received(from: descriptor, into: &block), count > 0 { bytes += block[..<count] }
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        guard let status = head.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        return Answer(status: status, head: head, body: Array(bytes[end.upperBound...]))
    }
}
