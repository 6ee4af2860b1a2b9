import Engine
import NIOSSL
import Settings

extension AppSession {
    /// What the endpoint shows to who connects; nil: plain HTTP. TLS 1.2 or later; read once, at start.
    /// - Throws: 78, naming the file that cannot be used.
    func endpointTLS() throws -> TLSConfiguration? {
        guard let files = loaded.settings.telemetry.prometheus.tls else { return nil }
        let certificate = loaded.path(files.certificate)
        let key = loaded.path(files.key)
        let chain: [NIOSSLCertificate]
        do { chain = try NIOSSLCertificate.fromPEMFile(certificate) } catch {
            throw Self.unusable(certificate, "holds no certificate in PEM that can be read", "telemetry.prometheus.tls.certificate")
        }
        guard !chain.isEmpty else { throw Self.unusable(certificate, "holds no certificate", "telemetry.prometheus.tls.certificate") }
        let privateKey: NIOSSLPrivateKey
        do { privateKey = try NIOSSLPrivateKey(file: key, format: .pem) } catch {
            throw Self.unusable(key, "holds no private key in PEM that can be read without a password", "telemetry.prometheus.tls.key")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do { _ = try NIOSSLContext(configuration: configuration) } catch {
            throw Self.unusable(key, "does not belong to the certificate \(certificate)", "telemetry.prometheus.tls")
        }
        return configuration
    }

    private static func unusable(_ path: String, _ what: String, _ key: String) -> RunStop {
        RunStop(
            .settings, reason: "tls", culprit: path, detail: "it \(what)",
            remedy: "Name the PEM file of the certificate with its chain, and of its key, in telemetry.prometheus.tls (\(key)), both readable for this user.")
    }
}
