public import Events
public import Transport

/// Tells people by mail.
public struct EmailChannel: AlertChannel {
    public struct Configuration: Sendable {
        /// `smtp://HOST:PORT` or `smtps://HOST:PORT`.
        public var server: String
        /// `ops@shop.example` or `Shop <ops@shop.example>`.
        public var from: String
        public var to: [String]
        public var security: MailEnvelope.Security
        public var user: String?
        public var password: Secret?
        /// Certificates to trust, a PEM file.
        public var caFile: String?

        public init(
            server: String, from: String, to: [String], security: MailEnvelope.Security = .requiredBeyondLoopback, user: String? = nil,
            password: Secret? = nil, caFile: String? = nil
        ) {
            self.server = server
            self.from = from
            self.to = to
            self.security = security
            self.user = user
            self.password = password
            self.caFile = caFile
        }
    }

    private let configuration: Configuration
    private let mailer: any MailTransport
    private let text: MailText

    /// - Throws: where an address is none; says which.
    public init(_ configuration: Configuration, mailer: any MailTransport) throws(DeliveryFailure) {
        self.configuration = configuration
        self.mailer = mailer
        func address(_ text: String) throws(DeliveryFailure) -> MailAddress {
            guard let address = MailAddress(text) else {
                throw DeliveryFailure(
                    culprit: "`\(PlainText.line(text, limit: 80))` is no mail address", remedy: "write NAME@HOST or WORDS <NAME@HOST>", isFinal: true)
            }
            return address
        }
        let from = try address(configuration.from)
        var to: [MailAddress] = []
        for receiver in configuration.to { to.append(try address(receiver)) }
        text = MailText(from: from, to: to)
    }

    public func send(_ notice: AlertNotice, insteadOf: String?) async throws(DeliveryFailure) {
        try await send(text.bytes(notice, insteadOf: insteadOf))
    }

    public func send(_ letter: AlertLetter) async throws(DeliveryFailure) { try await send(text.bytes(letter)) }

    private func send(_ message: [UInt8]) async throws(DeliveryFailure) {
        let mail = MailEnvelope(
            server: configuration.server, from: text.from.address, to: text.to.map(\.address), message: message,
            security: configuration.security, user: configuration.user, password: configuration.password?.reveal(), caFile: configuration.caFile,
            timeout: AlertDesk.attemptTime)
        do throws(MailError) { try await mailer.send(mail) } catch {
            throw DeliveryFailure(culprit: error.culprit, remedy: error.remedy, isFinal: error.isFinal)
        }
    }
}
