/// The bounds and the trust of a transport.
public struct TransportConfiguration: Sendable {
    /// Certificates to trust, a PEM file. Nil: the distribution's bundle.
    public var caFile: String?
    /// Transfers under way at once; further requests wait in line. At least 1.
    public var maxConcurrentTransfers = 32
    /// Requests that may wait in line; one more fails with `.queueFull`.
    public var maxWaitingRequests = 4096
    /// Most bytes of header fields in one answer.
    public var headerLimit = 256 << 10
    /// An idle connection older than this is not used again: many peers and balancers close theirs after 20 s to 60 s, and a request that
    /// meets the closing is lost.
    public var idleConnectionLifetime = Duration.seconds(15)
    public var userAgent = "vitrine"

    /// - Parameter environment: the process's. `SSL_CERT_FILE` is honoured here, since libcurl does not read it (only its command line tool
    ///   and OpenSSL's do). The proxy variables `https_proxy`, `HTTPS_PROXY`, `all_proxy`, `no_proxy` are read by libcurl itself.
    public init(environment: [String: String] = [:]) {
        if let file = environment["SSL_CERT_FILE"], !file.isEmpty { caFile = file }
    }
}
