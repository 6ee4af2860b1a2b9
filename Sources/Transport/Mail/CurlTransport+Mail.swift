import CLibCurl

extension CurlTransport: MailTransport {
    public func send(_ mail: MailEnvelope) async throws(MailError) {
        let target = try MailTarget(mail)
        let carrier = HTTPRequest(.put, mail.server, api: "smtp", body: mail.message, timeout: mail.timeout)
        let plan = TransferPlan(request: carrier, target: target.target, configuration: configuration, mail: mail)
        let outcome = await transfer(plan)
        do throws(TransportError) { _ = try outcome.result.get() } catch { throw target.failure(error, status: outcome.status) }
    }
}

/// Where a mail goes, and that it may go there.
struct MailTarget: Sendable {
    let target: RequestTarget
    let security: MailEnvelope.Security

    init(_ mail: MailEnvelope) throws(MailError) {
        do throws(TransportError) { target = try RequestTarget(mailServer: mail.server) } catch {
            throw MailError(culprit: error.culprit, remedy: error.remedy, status: 0, isFinal: true)
        }
        security = mail.security
        for address in [mail.from] + mail.to where !Self.isAddress(address) {
            throw MailError(
                culprit: "\(target.origin): an address is not valid: \(address.unicodeScalars.count) characters, it must be NAME@HOST in ASCII",
                remedy: "mend `from` and `to` of the channel", status: 0, isFinal: true)
        }
        guard (1...MailEnvelope.receiverLimit).contains(mail.to.count) else {
            throw MailError(
                culprit: "\(target.origin): the mail has \(mail.to.count) receivers", remedy: "name 1 to \(MailEnvelope.receiverLimit)", status: 0,
                isFinal: true)
        }
    }

    /// What may stand between the angle brackets of RCPT TO: no blank, no bracket, no control character, nothing beyond ASCII. Stricter than
    /// RFC 5321, which also takes quoted names.
    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && !"<>()[],;:\\\"".utf8.contains($0) }
    }

    func failure(_ error: TransportError, status: Int) -> MailError {
        let remedy = switch (error.reason, status) {
        case (.other(let code), _) where code == Int(CURLE_LOGIN_DENIED.rawValue): "check `user` and `password` of the channel"
        case (.tls, _) where security == .required || security == .requiredBeyondLoopback:
            "name the server's certificate authority with `ca_file`; a server without STARTTLS needs `starttls: off`, and then everyone on the way reads along"
        case (_, 500...599): "read what the server says; check `from`, `to` and whether it lets you send"
        case (.partialAnswer, _), (.closedBeforeAnswer, _): "try again; if it stays, look at the server's own log"
        default: error.remedy
        }
        return MailError(culprit: error.culprit, remedy: remedy, status: status, isFinal: (500...599).contains(status))
    }
}
