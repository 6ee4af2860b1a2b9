public import Events

/// The name of a run: `[A-Za-z0-9._-]{1,64}`. Ours sort by time.
public enum RunID {
    public static let longest = 64

    public static func isValid(_ text: String) -> Bool {
        (1...longest).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// Such as `20261121T080000Z-3fa4c1`.
    public static func make(at time: Timestamp, random: UInt64) -> String {
        let stamp = time.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" }
        let suffix = String(random & 0xff_ffff, radix: 16)
        return "\(stamp)Z-" + String(repeating: "0", count: 6 - suffix.count) + suffix
    }
}
