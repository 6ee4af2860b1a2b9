public import Foundation

/// An OTLP receiver that decodes with opentelemetry-proto (Tests/Judges/otlp_collector.py), gone with the process whatever its end.
public final class OTLPCollector: Sendable {
    public let port: Int
    public var url: String { "http://127.0.0.1:\(port)" }
    private let input: Pipe

    /// Waits until it listens.
    /// - Parameter answers: what it answers first, before it takes everything; see the script.
    public init(_ answers: [String] = []) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Judge.python.found())
        process.arguments = ["-W", "ignore", Judge.script("otlp_collector.py")] + answers
        input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = ""
        while !line.hasSuffix("\n") {
            guard let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty else { throw NoServer(said: line) }
            line += String(decoding: byte, as: UTF8.self)
        }
        guard let port = Int(line.dropLast()) else { throw NoServer(said: line) }
        self.port = port
    }

    deinit { try? input.fileHandleForWriting.close() }

    public struct NoServer: Error { public let said: String }

    /// One request, as it came.
    public struct Received: Sendable {
        public let path: String
        public let status: Int
        public let isPacked: Bool
        public let headers: [String: String]
        /// The decoded message as JSON.
        public let body: Data
        /// It had something that the published schema does not know, or knows in another form.
        public let isForeign: Bool
    }

    public func received() async throws -> [Received] {
        let list = try await ask("/received") as? [[String: Any]] ?? []
        return try list.map { entry in
            Received(
                path: entry["path"] as? String ?? "", status: entry["status"] as? Int ?? 0, isPacked: entry["packed"] as? Bool ?? false,
                headers: entry["headers"] as? [String: String] ?? [:], body: try JSONSerialization.data(withJSONObject: entry["body"] ?? [:]),
                isForeign: entry["unknown"] as? Bool ?? true)
        }
    }

    /// The newest figures under the names that Prometheus gives them.
    public func samples() async throws -> [String: Double] {
        (try await ask("/samples") as? [String: NSNumber] ?? [:]).mapValues(\.doubleValue)
    }

    private func ask(_ target: String) async throws -> Any {
        guard let answer = await PlainClient(port: port).get(target), answer.status == 200 else { throw NoServer(said: target) }
        return try JSONSerialization.jsonObject(with: Data(answer.body))
    }
}
