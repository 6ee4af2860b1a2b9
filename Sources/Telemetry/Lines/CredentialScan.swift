public import Events

/// The last look at a line before it leaves the process: anything that looks like a credential becomes `<secret>`.
///
/// Secrets are typed (`Secret`) and should never come this far; this is the net under them. It knows the exact texts it was given and three
/// shapes: `access_token` with a value, `Bearer` with a value, and Meta's tokens (`EAA…`).
public struct CredentialScan: Sendable {
    /// A registered secret shorter than this is not looked for: it would be found in innocent text.
    public static let shortestSecret = 6
    /// An `EAA…` run shorter than this is taken for an ordinary word; Meta's tokens have over 100 letters.
    static let shortestMetaToken = 16
    /// What follows `Bearer ` must be this long to be taken for a token and not for a word of a product title.
    static let shortestBearerToken = 8
    static let mark = Array("<secret>".utf8)

    let needles: [Needle]
    let anchors: [[UInt8]]

    /// - Parameter secrets: looked for as they are, as JSON escapes them, and as a URL escapes them.
    public init(secrets: [Secret] = []) {
        needles = Needle.shapes + secrets.flatMap { Needle.exact($0.reveal()) }
        anchors = Self.anchors(of: needles)
    }
}

extension CredentialScan {
    /// Bytes of any length without what looks like a credential: for what leaves the machine in a file.
    public func redacted(_ bytes: [UInt8]) -> [UInt8] {
        var buffer = LineBuffer(capacity: bytes.count)
        buffer.replace(with: bytes)
        redact(&buffer)
        return buffer.copy
    }
}
