/// Makes text from outside fit for a line that people read: no control characters (so no line break, no terminal escape), nothing that turns
/// the direction of what follows, and no more of it than anyone reads.
enum PlainText {
    /// Scalars of one value in a message.
    static let longestValue = 300

    static func line(_ text: String, limit: Int = longestValue) -> String {
        var line = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < limit else {
                line.append("…")
                break
            }
            line.append(isControl(scalar) ? " " : scalar)
            count += 1
        }
        return String(line)
    }

    /// C0, DEL, C1, line and paragraph separators, direction overrides and isolates, the byte order mark.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1f, 0x7f...0x9f, 0x2028, 0x2029, 0x202a...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }

    /// `4`, `4.25`: no more than two decimals, without trailing zeros.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "?" }
        if let whole = Int(exactly: value.rounded()), abs(value - value.rounded()) < 0.005 { return String(whole) }
        let hundredths = Int64(clamping: Int128((value * 100).rounded()))
        let sign = hundredths < 0 ? "-" : ""
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// `5.3 %`
    static func percent(_ share: Double) -> String { "\(number(share * 100)) %" }

    /// `45 s`, `12 min`, `3 h`, `2 h 30 min`, `4 days`
    static func duration(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        if seconds < 120 { return "\(seconds) s" }
        let minutes = seconds / 60
        if minutes < 120 { return "\(minutes) min" }
        if minutes < 48 * 60 { return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min" }
        return "\(minutes / 1440) days"
    }
}
