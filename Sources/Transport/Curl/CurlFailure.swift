import CLibCurl

/// What libcurl's result codes mean to us. Source: libcurl-errors(3).
enum CurlFailure {
    /// - Parameter refusedByProxy: the proxy answered CONNECT with an error, which libcurl calls a failure to receive.
    static func reason(_ code: CURLcode, answerBegun: Bool, overLimit: Bool, refusedByProxy: Bool) -> TransportError.Reason {
        if overLimit { return .tooLarge }
        if refusedByProxy { return .proxy }
        return switch code {
        case CURLE_COULDNT_RESOLVE_HOST: .resolve
        case CURLE_COULDNT_CONNECT: .connect
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_USE_SSL_FAILED, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ENGINE_NOTFOUND:
            .tls
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_GOT_NOTHING: .closedBeforeAnswer
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND: answerBegun ? .partialAnswer : .closedBeforeAnswer
        case CURLE_PARTIAL_FILE: .partialAnswer
        case CURLE_FILESIZE_EXCEEDED: .tooLarge
        case CURLE_WEIRD_SERVER_REPLY: .notHTTP
        // The peer speaks something else, HTTP/0.9 at best, which libcurl takes for a protocol it was told not to use.
        case CURLE_UNSUPPORTED_PROTOCOL: .notHTTP
        case CURLE_URL_MALFORMAT: .badURL
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: .proxy
        default: .other(curlCode: Int(code.rawValue))
        }
    }

    static func remedy(_ reason: TransportError.Reason) -> String {
        switch reason {
        case .resolve: "check the host name and the name server"
        case .connect: "check that the host is up and that no firewall is between"
        case .tls: "check the clock, and name the certificate authority with SSL_CERT_FILE"
        case .timeout: "try again; if it stays, raise the timeout or check the network"
        case .closedBeforeAnswer, .partialAnswer: "try again; if it stays, look at the peer's own logs and at proxies between"
        case .tooLarge: "ask for less at a time"
        case .notHTTP: "check the port and that it is http or https as the URL says"
        case .badURL: "check the URL"
        case .badHeader: "check the header's value for line breaks"
        case .refusedPlainHTTP: "use https"
        case .proxy: "check https_proxy and no_proxy"
        case .localFile: "make room on the disk of the spool folder"
        case .cancelled: "none; the request was given up on purpose"
        case .queueFull: "wait; if it stays, a peer does not answer"
        case .other(let code): "see `man libcurl-errors`, number \(code)"
        }
    }
}
