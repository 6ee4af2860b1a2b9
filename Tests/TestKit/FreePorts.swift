import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Ports that nobody listens on now, for programs that cannot choose one themselves.
public enum FreePorts {
    /// All different: each is held until the last one is found.
    public static func take(_ count: Int) throws -> [Int] {
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        return try (0..<count).map { _ in
            let (socket, port) = try MisbehavingServer.listen()
            sockets.append(socket)
            return port
        }
    }
}
