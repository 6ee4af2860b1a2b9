import Dispatch
import Foundation
import Synchronization

/// aiosmtpd, which plays a mail server: on a port the system chooses, gone with the process whatever its end. What it has taken is read by
/// Python's own `email`, so that our mails are judged by somebody else's eyes.
public final class MailServer: Sendable {
    public struct Mail: Decodable, Sendable {
        public var from: String
        public var to: [String]
        /// As decoded; every header that is there, by its name in lower case.
        public var headers: [String: String]
        public var text: String
        public var html: String
        /// What the parser had to say against it.
        public var defects: [String]
        /// Who was logged in, and whether the connection was TLS.
        public var user: String?
        public var isSecure: Bool
        /// By name: what is attached, as text.
        public var attachments: [String: String]
    }

    public enum Manner: String, Sendable { case plain, starttls, refusing }

    public let url: String
    /// The certificate it shows, PEM.
    public let caFile: String
    private let input: Pipe
    private let lines: Lines

    private static let script = """
        import asyncio, datetime, email, email.policy, ipaddress, json, os, ssl, sys, threading
        from aiosmtpd.smtp import SMTP, AuthResult
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        manner, folder, port = sys.argv[1:4]
        def certificate():
            key = ec.generate_private_key(ec.SECP256R1())
            name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
            now = datetime.datetime(2020, 1, 1)
            made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
                .not_valid_before(now).not_valid_after(now + datetime.timedelta(days=36500))
                .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
                .add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256()))
            open(folder + "/cert.pem", "wb").write(made.public_bytes(serialization.Encoding.PEM))
            open(folder + "/key.pem", "wb").write(key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        class Handler:
            async def handle_RCPT(self, server, session, envelope, address, options):
                if manner == "refusing":
                    return "550 no such person here"
                envelope.rcpt_tos.append(address)
                return "250 OK"
            async def handle_DATA(self, server, session, envelope):
                mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
                def part(kind):
                    found = mail.get_body((kind,))
                    return found.get_content().replace("\\r\\n", "\\n") if found else ""
                defects = [repr(d) for p in mail.walk() for d in p.defects] + [repr(d) for h in mail.values() for d in h.defects]
                print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos,
                    "headers": {k.lower(): str(v) for k, v in mail.items()}, "text": part("plain"), "html": part("html"),
                    "defects": defects, "user": session.auth_data, "isSecure": session.ssl is not None,
                    "attachments": {a.get_filename(): a.get_content() for a in mail.iter_attachments()} if mail.get_content_type() == "multipart/mixed" else {}}), flush=True)
                return "250 taken"
        def check(server, session, envelope, mechanism, data):
            good = data.login == b"vitrine" and data.password == b"s3cret"
            return AuthResult(success=good, handled=good, auth_data=data.login.decode() if good else None)
        options = {}
        if manner == "starttls":
            certificate()
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
            options = dict(tls_context=context, require_starttls=True, authenticator=check, auth_required=True)
        async def main():
            server = await asyncio.get_running_loop().create_server(lambda: SMTP(Handler(), **options), "127.0.0.1", int(port))
            print(server.sockets[0].getsockname()[1], flush=True)
            await server.serve_forever()
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        asyncio.run(main())
        """

    /// Waits until it listens.
    /// - Parameters:
    ///   - manner: plain; STARTTLS with a login `vitrine`/`s3cret`, both required; or one that knows no receiver.
    ///   - port: 0: one that the system chooses.
    public init(_ manner: Manner, port: Int = 0) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vitrine-mail-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        caFile = folder + "/cert.pem"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Judge.python.found())
        process.arguments = ["-W", "ignore", "-c", Self.script, manner.rawValue, folder, "\(port)"]
        input = Pipe()
        let pipe = Pipe()
        let output = pipe.fileHandleForReading
        process.standardInput = input
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        url = "smtp://127.0.0.1:\(String(decoding: try Self.line(of: output), as: UTF8.self))"
        lines = Lines(output)
    }

    deinit {
        try? input.fileHandleForWriting.close()
        try? FileManager.default.removeItem(atPath: (caFile as NSString).deletingLastPathComponent)
    }

    /// Waits for the next mail it has taken; what has not come within a minute never comes.
    public func next() throws -> Mail {
        guard let line = lines.next(within: 60) else { throw NoServer(said: "nothing within a minute") }
        return try JSONDecoder().decode(Mail.self, from: line)
    }

    /// Read all along: a server that nobody listens to stands still.
    private final class Lines: Sendable {
        private let state = Mutex<[Data]>([])
        private let arrived = DispatchSemaphore(value: 0)

        init(_ handle: FileHandle) {
            Thread.detachNewThread { [self] in
                while let line = try? MailServer.line(of: handle) {
                    state.withLock { $0.append(line) }
                    arrived.signal()
                }
            }
        }

        func next(within seconds: Int) -> Data? {
            guard arrived.wait(timeout: .now() + .seconds(seconds)) == .success else { return nil }
            return state.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
    }

    private static func line(of handle: FileHandle) throws -> Data {
        var line = Data()
        while true {
            guard let byte = try handle.read(upToCount: 1), !byte.isEmpty else { throw NoServer(said: String(decoding: line, as: UTF8.self)) }
            if byte[byte.startIndex] == UInt8(ascii: "\n") { return line }
            line += byte
        }
    }

    public struct NoServer: Error { public let said: String }
}
