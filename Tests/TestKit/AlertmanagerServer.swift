public import Foundation
import Transport

/// The real Alertmanager, with a receiver that hears nothing.
public final class AlertmanagerServer {
    public struct Alert: Decodable, Sendable {
        public var labels: [String: String]
        public var annotations: [String: String]
    }

    private let process = Process()
    private let folder: URL
    public let base: String
    private let transport: CurlTransport

    public init() throws {
        transport = try CurlTransport()
        folder = FileManager.default.temporaryDirectory.appending(path: "vitrine-alertmanager-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let settings = folder.appending(path: "alertmanager.yml")
        try Data("route: {receiver: none}\nreceivers: [{name: none}]\n".utf8).write(to: settings)
        let port = try FreePorts.take(1)[0]
        base = "http://127.0.0.1:\(port)"
        let program = try Judge.alertmanager.found()
        let arguments = [
            "--config.file=\(settings.path)", "--storage.path=\(folder.path)/data", "--web.listen-address=127.0.0.1:\(port)", "--cluster.listen-address=",
        ]
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = Self.atHome(program) + arguments
        let said = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = said
        try process.run()
        var text = ""
        while !text.contains("Listening on") {
            let more = said.fileHandleForReading.availableData
            guard !more.isEmpty else { throw NoServer(said: text) }
            text += String(decoding: more, as: UTF8.self)
        }
        said.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
    }

    /// Debian's Alertmanager reads its templates from `/usr/share`. Where it was only unpacked beside the sources, it gets a view of the file
    /// system in which they lie there.
    private static func atHome(_ program: String) -> [String] {
        let place = "/usr/share/prometheus"
        if FileManager.default.fileExists(atPath: place + "/alertmanager/default.tmpl") { return [program] }
        let own = URL(fileURLWithPath: program).deletingLastPathComponent().deletingLastPathComponent().appending(path: "share/prometheus").path
        let script = "mount -t tmpfs none /usr/share && ln -s \"$1\" \(place) && shift && exec \"$@\""
        return ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", own, program]
    }

    public struct NoServer: Error { public let said: String }

    public func stop() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    public func post(_ path: String, _ body: Data) async throws {
        let headers = [(name: "Content-Type", value: "application/json")]
        let answer = try await transport.send(HTTPRequest(.post, base + path, api: "test", headers: headers, body: Array(body)))
        guard answer.status == 200 else { throw NoServer(said: String(decoding: answer.body, as: UTF8.self)) }
    }

    public func alerts() async throws -> [Alert] {
        try JSONDecoder().decode([Alert].self, from: Data(try await transport.send(HTTPRequest(.get, base + "/api/v2/alerts", api: "test")).body))
    }
}
