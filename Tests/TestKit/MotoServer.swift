import Foundation
import Synchronization
import Transport

/// moto, which plays AWS: one server for a test process, on a port the system chooses, gone with the process whatever its end.
///
/// Two changes to what `-m moto.server` starts. Calls are taken one at a time, all but those that wait for messages: moto looks and then
/// writes, so that two conditional puts at once would both succeed, which S3 promises they do not. And it ends when its standard input does.
public final class MotoServer: Sendable {
    public let url: String
    public let port: Int
    private let input: Pipe

    private static let script = """
        import os, sys, threading
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
        from werkzeug.serving import make_server
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        app = DomainDispatcherApplication(create_backend_app)
        turn = threading.Lock()
        def one_at_a_time(environ, start_response):
            if "ReceiveMessage" in environ.get("HTTP_X_AMZ_TARGET", ""):
                return app(environ, start_response)
            with turn:
                return list(app(environ, start_response))
        server = make_server("127.0.0.1", 0, one_at_a_time, threaded=True, request_handler=MotoRequestHandler)
        os.environ["MOTO_PORT"] = str(server.server_port)
        print(server.server_port, flush=True)
        import logging; logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server.serve_forever()
        """

    /// Waits until it answers.
    private init(environment: [String: String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Judge.python.found())
        process.arguments = ["-c", Self.script]
        let clean = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AWS_") && !$0.key.lowercased().hasSuffix("_proxy") }
        // A part may be as small as a test wants it.
        process.environment = clean.merging(["S3_UPLOAD_PART_MIN_SIZE": "1"]) { _, ours in ours }.merging(environment) { _, ours in ours }
        input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw NoServer(said: String(decoding: line, as: UTF8.self)) }
            line += more
        }
        guard let port = Int(String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw NoServer(said: String(decoding: line, as: UTF8.self))
        }
        self.port = port
        url = "http://127.0.0.1:\(port)"
    }

    deinit { try? input.fileHandleForWriting.close() }

    public struct NoServer: Error { public let said: String }

    /// Started by the first test that asks.
    public static func shared() async throws -> MotoServer {
        let starting = current.withLock { current in
            let starting = current ?? Task { try await start() }
            current = starting
            return starting
        }
        return try await starting.value
    }

    public static func start(environment: [String: String] = [:]) async throws -> MotoServer {
        try await aside { try MotoServer(environment: environment) }
    }

    private static let current = Mutex<Task<MotoServer, any Error>?>(nil)

    /// What a process that uses it has in its environment.
    public var environment: [String: String] { Self.environment(at: url) }

    /// For another server that plays AWS.
    public static func environment(at url: String) -> [String: String] {
        ["AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_REGION": "eu-central-1"]
    }
}
