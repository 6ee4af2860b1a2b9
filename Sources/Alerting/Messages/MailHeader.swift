import Events
import FoundationEssentials

/// Values of mail headers.
enum MailHeader {
    /// Bytes of text in one encoded word, so that the word stays within the 75 characters of RFC 2047, section 2.
    private static let chunk = 42

    /// ASCII as it stands, anything else as encoded words (RFC 2047), folded one a line. Never holds a line break of the text's own.
    /// - Parameter isPhrase: for a name before an address, where commas and quotes have a meaning.
    static func encode(_ text: String, isPhrase: Bool = false) -> String {
        let line = PlainText.line(text, limit: 400)
        let isPlain = line.utf8.count <= 200 && !line.contains("=?") && line.utf8.allSatisfy { byte in
            (0x20...0x7e).contains(byte) && !(isPhrase && "()<>@,;:\\\".[]".utf8.contains(byte))
        }
        if isPlain { return line }
        var words: [String] = [], bytes: [UInt8] = []
        for scalar in line.unicodeScalars {
            let next = Array(String(scalar).utf8)
            if bytes.count + next.count > chunk {
                words.append(word(bytes))
                bytes = []
            }
            bytes += next
        }
        if !bytes.isEmpty { words.append(word(bytes)) }
        return words.joined(separator: "\r\n ")
    }

    private static func word(_ bytes: [UInt8]) -> String { "=?UTF-8?B?\(Data(bytes).base64EncodedString())?=" }

    /// `Sat, 21 Nov 2026 12:00:00 +0000` (RFC 5322, section 3.3).
    static func date(_ time: Timestamp) -> String {
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = time.parts
        return "\(days[time.weekday]), \(parts.day) \(months[parts.month - 1]) \(parts.year) \(time.rfc3339.dropFirst(11).prefix(8)) +0000"
    }
}
