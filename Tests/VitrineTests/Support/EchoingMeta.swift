import Foundation
import Glibc
import Synchronization
import Testing

/// A Meta at its worst: answers every call with error 190 and repeats in its message all that it was sent, credentials too.
final class EchoingMeta: Sendable {
    let port: UInt16
    private let listener: Int32
    private let heard = Mutex("")

    var graphURL: String { "http://127.0.0.1:\(port)/v26.0" }
    /// Everything received so far.
    var received: String { heard.withLock { $0 } }

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, size) | listen(listener, 8) | getsockname(listener, generic, &size)
            }
        }
        try #require(status == 0)
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in serve() }
    }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { break }
            answer(connection)
            close(connection)
        }
        close(listener)
    }

    private func answer(_ connection: Int32) {
        var request: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while !Self.isWhole(request) {
            let count = recv(connection, &block, block.count, 0)
            guard count > 0 else { return }
            request += block.prefix(count)
        }
        let text = String(decoding: request, as: UTF8.self)
        heard.withLock { $0 += text }
        let message = "Malformed access token: " + text
        let error: [String: Any] = ["message": message, "type": "OAuthException", "code": 190, "fbtrace_id": "Atrace", "error_user_msg": message]
        guard let body = try? JSONSerialization.data(withJSONObject: ["error": error]) else { return }
        let head = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        let bytes = Array(head.utf8) + body
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { send(connection, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            sent += count
        }
    }

    private static func isWhole(_ request: [UInt8]) -> Bool {
        let text = String(decoding: request, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return false }
        let length = text[..<end.lowerBound].firstMatch(of: /(?i)content-length: *([0-9]+)/).flatMap { Int($0.output.1) } ?? 0
        return text[end.upperBound...].utf8.count >= length
    }
}
