import Foundation
import Synchronization
import Transport

/// moto, which plays AWS: one server for a test process, on a port the system chooses, gone with the process whatever its end.
///
/// Three changes to what `-m moto.server` starts. Calls are taken one at a time, all but those that wait for messages: moto looks and then
/// writes, so that two conditional puts at once would both succeed, which S3 promises they do not. It ends when its standard input does. And a
/// test can stop a call on its way in, to see what happens meanwhile: `MotoServer+Trouble.swift`.
public final class MotoServer: Sendable {
    public let url: String
    public let port: Int
    private let input: Pipe

    private static let script = """
        import moto.backends, os, sys, threading
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
        from werkzeug.serving import make_server
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        app = DomainDispatcherApplication(create_backend_app)
        turn = threading.Lock()
        gates, ended, powerless, muted = {}, set(), set(), set()
        class Gate:
            def __init__(self):
                self.met, self.opened, self.passes = 0, threading.Event(), True
        def said(start_response, status, text=""):
            start_response(status, [("Content-Length", str(len(text)))])
            return [text.encode()]
        def trouble(order, text, start_response):
            if order == "hold":
                gates[text] = Gate()
            elif order == "met":
                return said(start_response, "200 OK", str(gates[text].met))
            elif order in ("pass", "drop"):
                gates[text].passes = order == "pass"
                gates.pop(text).opened.set()
            elif order == "mute":
                muted.add(text)
            elif order == "unmute":
                muted.discard(text)
            elif order == "expire":
                ended.add(text)
            elif order == "forbid":
                powerless.add(text)
            elif order == "show":
                for queue in moto.backends.get_backend("sqs")["123456789012"]["eu-central-1"].queues.values():
                    if queue.name == text:
                        for message in queue._messages: message.visible_at = 0
            return said(start_response, "200 OK")
        def one_at_a_time(environ, start_response):
            path = environ["PATH_INFO"]
            if path.startswith("/-trouble/"):
                text = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
                return trouble(path[10:], text, start_response)
            if environ.get("HTTP_X_AMZ_SECURITY_TOKEN") in ended:
                start_response("400 Bad Request", [("Connection", "close")])
                return [b"<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>"]
            if environ.get("HTTP_X_AMZ_SECURITY_TOKEN") in powerless:
                start_response("403 Forbidden", [("Connection", "close")])
                isJSON = "HTTP_X_AMZ_TARGET" in environ
                return [b'{"__type":"AccessDeniedException"}' if isJSON else b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"]
            call = environ["REQUEST_METHOD"] + " " + path + " " + environ.get("HTTP_X_AMZ_TARGET", "")
            for text, gate in list(gates.items()):
                # Not what the test itself does behind the back of the code under test.
                if all(part in call for part in text.split("*")) and not environ.get("HTTP_AUTHORIZATION", "").endswith("Signature=0"):
                    gate.met += 1
                    gate.opened.wait()
                    if not gate.passes:
                        return said(start_response, "503 Service Unavailable")
            if "ReceiveMessage" in environ.get("HTTP_X_AMZ_TARGET", ""):
                return app(environ, start_response)
            with turn:
                if any(text in call for text in list(muted)):
                    list(app(environ, lambda *ignored: None))
                    return said(start_response, "503 Service Unavailable")
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
