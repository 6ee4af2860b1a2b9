/// An absolute web address, taken apart.
struct WebAddress {
    let isSecure: Bool
    /// With its port.
    let host: Text
    /// From the first `/`, `?` or `#`.
    let rest: Text

    /// Nil if the text does not start with `http://` or `https://` and a host.
    @inline(__always)
    init?(_ text: Text) {
        let schemeLength: Int
        if text.starts(with: "https://") || text.startsFolded(with: "https://") {
            isSecure = true
            schemeLength = 8
        } else if text.startsFolded(with: "http://") {
            isSecure = false
            schemeLength = 7
        } else {
            return nil
        }
        var end = schemeLength
        var start = schemeLength
        while end < text.count {
            let byte = text[end]
            if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") { break }
            if byte == UInt8(ascii: "@") { start = end + 1 }  // behind user and password
            end += 1
        }
        guard end > start else { return nil }
        host = Text(text.base + start, end - start)
        rest = Text(text.base + end, text.count - end)
    }
}
