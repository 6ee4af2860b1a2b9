import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// One accepted connection, read and written with blocking calls.
struct Wire {
    let socket: Int32
    /// Read and not yet used.
    private(set) var pending: [UInt8] = []

    init(socket: Int32) { self.socket = socket }

    /// Reads what is there. False: the client is gone.
    mutating func read() -> Bool {
        var block = [UInt8](repeating: 0, count: 65_536)
        let count = received(from: socket, into: &block)
        guard count > 0 else { return false }
        pending += block[..<count]
        return true
    }

    mutating func waitForBytes() -> Bool { !pending.isEmpty || read() }

    mutating func readRequest() -> (head: String, body: [UInt8])? {
        let blank = Array("\r\n\r\n".utf8)
        var end: Int?
        while true {
            end = pending.firstRange(of: blank)?.upperBound
            if end != nil { break }
            guard read() else { return nil }
        }
        guard let end else { return nil }
        let head = String(decoding: pending[..<end], as: UTF8.self)
        let length = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        while pending.count < end + length { guard read() else { return nil } }
        let body = Array(pending[end..<end + length])
        pending.removeFirst(end + length)
        return (head, body)
    }

    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                #if canImport(Darwin)
                Darwin.send(socket, buffer.baseAddress! + sent, buffer.count - sent, 0)
                #else
                Glibc.send(socket, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Closing then sends RST instead of FIN, and drops what was not sent.
    func resetOnClose() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }

    func waitForDeparture() {
        var byte: UInt8 = 0
        while recv(socket, &byte, 1, 0) > 0 {}
    }

    /// Whether the client goes away within that time.
    func departed(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, milliseconds) > 0 else { return false }
        var byte: UInt8 = 0
        return recv(socket, &byte, 1, Int32(MSG_PEEK)) <= 0
    }
}

/// `recv`, begun again where a signal interrupts it: children of other tests end all the time.
func received(from socket: Int32, into block: inout [UInt8]) -> Int {
    while true {
        let count = recv(socket, &block, block.count, 0)
        if count >= 0 || errno != EINTR { return count }
    }
}
