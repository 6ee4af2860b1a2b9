import Glibc
import Engine
import Events
import Synchronization

/// Tells systemd how the process is (sd_notify(3)): one datagram each to the socket that `NOTIFY_SOCKET` names.
final class ServiceManager: Sendable {
    private let address: String
    /// Nil: no watchdog. Half of what systemd waits, as sd_watchdog_enabled(3) advises.
    private let watchdogInterval: Duration?
    private let lastPing = Mutex<Timestamp?>(nil)
    private let now: @Sendable () -> Timestamp

    /// Nil where nobody asked to be told.
    init?(environment: [String: String], now: @escaping @Sendable () -> Timestamp) {
        guard let address = environment["NOTIFY_SOCKET"], address.hasPrefix("/") || address.hasPrefix("@") else { return nil }
        self.address = address
        self.now = now
        watchdogInterval = environment["WATCHDOG_USEC"].flatMap { Int64($0) }.map { .microseconds($0 / 2) }
    }

    func isReady() { send("READY=1\nSTATUS=Serving.") }
    func isStopping() { send("STOPPING=1\nSTATUS=Runs in progress give up.") }

    /// systemd wants the time of the reload by its own clock, to tell two of them apart.
    func isReloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        send("RELOADING=1\nMONOTONIC_USEC=\(Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)")
    }

    /// Called often, sends as often as the watchdog wants.
    func isWell() {
        guard let watchdogInterval else { return }
        let now = now()
        let isDue = lastPing.withLock { last in
            // A clock that was set back must not keep it silent.
            if let last, now >= last, now - last < watchdogInterval { return false }
            last = now
            return true
        }
        if isDue { send("WATCHDOG=1") }
    }

    /// What is lost here is told again or does not matter: a service manager that is not there must not stop anything.
    private func send(_ message: String) {
        var socketAddress = sockaddr_un()
        socketAddress.sun_family = sa_family_t(AF_UNIX)
        let name = Array(address.utf8)
        guard name.count < MemoryLayout.size(ofValue: socketAddress.sun_path) else { return }
        withUnsafeMutableBytes(of: &socketAddress.sun_path) { path in
            path.copyBytes(from: name)
            // An abstract socket: a zero stands in front of the name.
            if name.first == UInt8(ascii: "@") { path[0] = 0 }
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path)! + name.count)
        withUnsafePointer(to: &socketAddress) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let bytes = Array(message.utf8)
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, length)
            }
        }
    }
}
