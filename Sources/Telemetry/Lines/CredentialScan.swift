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

    /// Of a process that lives for months and is given new secrets every day, so many are looked for, those it was told of last.
    static let mostSecrets = 1_000

    let needles: [Needle]
    let anchors: [[UInt8]]
    /// In the order in which it was told of them.
    private let secrets: [Secret]

    /// - Parameter secrets: looked for as they are, as JSON escapes them, and as a URL escapes them.
    public init(secrets: [Secret] = []) {
        self.secrets = secrets
        needles = Needle.shapes + secrets.flatMap { Needle.exact($0.reveal()) }
        anchors = Self.anchors(of: needles)
    }

    /// Looks for what either looks for: a secret that has been in use can come up in a text at any time.
    public func united(with other: CredentialScan) -> CredentialScan {
        let news = Set(other.secrets.map { $0.reveal() })
        guard !news.isSubset(of: secrets.map { $0.reveal() }) else { return self }
        let known = secrets.filter { !news.contains($0.reveal()) }
        return CredentialScan(secrets: Array((known + other.secrets).suffix(Self.mostSecrets)))
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
