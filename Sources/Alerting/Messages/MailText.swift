import Events
import FoundationEssentials

/// A notice as a mail (RFC 5322 and 2045): text and HTML, one thread for each incident from its opening to its end.
struct MailText {
    let from: MailAddress
    let to: [MailAddress]

    /// - Returns: the bytes, lines ended by CR LF, none longer than 998.
    func bytes(_ notice: AlertNotice, insteadOf: String?) -> [UInt8] {
        let message = AlertMessage(notice, insteadOf: insteadOf)
        let boundary = "vitrine-\(notice.id)"
        var lines = [
            "Date: \(MailHeader.date(notice.at))",
            "From: \(from.header)",
            "To: \(to.map(\.header).joined(separator: ",\r\n "))",
            "Subject: \(MailHeader.encode(message.subject))",
            "Message-ID: \(id(notice.incident, number: notice.incident.messages))",
        ]
        if notice.incident.messages > 1 {
            let first = id(notice.incident, number: 1)
            lines += ["In-Reply-To: \(first)", "References: \(first)"]
        }
        lines += [
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0", "Content-Type: multipart/alternative; boundary=\"\(boundary)\"", "",
            "--\(boundary)",
        ]
        lines += Self.part("text/plain", message.text) + ["--\(boundary)"]
        lines += Self.part("text/html", message.html(color: notice.color)) + ["--\(boundary)--", ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// A letter, with what is attached to it.
    func bytes(_ letter: AlertLetter) -> [UInt8] {
        let boundary = "vitrine-\(letter.id)", inner = "\(boundary)-text"
        var lines = [
            "Date: \(MailHeader.date(letter.at))",
            "From: \(from.header)",
            "To: \(to.map(\.header).joined(separator: ",\r\n "))",
            "Subject: \(MailHeader.encode(letter.subject))",
            "Message-ID: <\(letter.id)@\(from.domain)>",
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=\"\(boundary)\"", "",
            "--\(boundary)", "Content-Type: multipart/alternative; boundary=\"\(inner)\"", "", "--\(inner)",
        ]
        lines += Self.part("text/plain", letter.text) + ["--\(inner)"] + Self.part("text/html", letter.html) + ["--\(inner)--"]
        for attachment in letter.attachments {
            lines += [
                "--\(boundary)", "Content-Type: \(attachment.type)", "Content-Transfer-Encoding: base64",
                "Content-Disposition: attachment; filename=\"\(attachment.name)\"", "", Self.base64(attachment.bytes),
            ]
        }
        lines += ["--\(boundary)--", ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private func id(_ incident: Incident, number: Int) -> String { "<\(incident.thread)-\(number)@\(from.domain)>" }

    /// Base64, so that no line is too long and none begins with a dot, whatever it says.
    private static func part(_ type: String, _ text: String) -> [String] {
        [
            "Content-Type: \(type); charset=utf-8", "Content-Transfer-Encoding: base64", "",
            base64(Array(text.replacing("\n", with: "\r\n").utf8)),
        ]
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
    }
}
