import CLibCurl

/// What libcurl is told before it sends a mail.
extension Transfer {
    func configure(_ mail: MailEnvelope) {
        easy.set(CURLOPT_URL, mail.server)
        easy.set(CURLOPT_NOSIGNAL, true)
        easy.set(CURLOPT_QUICK_EXIT, true)
        easy.set(CURLOPT_PROTOCOLS_STR, plan.target.isPlain ? "smtp" : "smtps")
        easy.set(CURLOPT_PROXY, "")
        easy.set(CURLOPT_TIMEOUT_MS, mail.timeout.curlMilliseconds)
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, plan.request.connectTimeout.curlMilliseconds)
        // libcurl 7.88 waits for the answer to the mail's end, and after a failure for that to its QUIT, without looking at anything else: twice
        // this is what a server that has fallen silent can cost.
        easy.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, Int(mail.timeout.components.seconds) * 6 / 10))
        // A server closes an idle connection when it likes, and libcurl sends no mail again: each mail has its own.
        easy.set(CURLOPT_FRESH_CONNECT, true)
        easy.set(CURLOPT_FORBID_REUSE, true)
        easy.set(CURLOPT_SSL_VERIFYPEER, 1)
        easy.set(CURLOPT_SSL_VERIFYHOST, 2)
        if let file = mail.caFile ?? plan.configuration.caFile { easy.set(CURLOPT_CAINFO, file) }
        easy.set(CURLOPT_USE_SSL, Int(Self.protection(of: mail, at: plan.target).rawValue))
        if let user = mail.user {
            easy.set(CURLOPT_USERNAME, user)
            easy.set(CURLOPT_PASSWORD, mail.password ?? "")
        }
        easy.set(CURLOPT_MAIL_FROM, "<\(mail.from)>")
        easy.setReceivers(mail.to.map { "<\($0)>" })
        easy.set(CURLOPT_UPLOAD, true)
        easy.set(CURLOPT_INFILESIZE_LARGE, offset: mail.message.count)
        setCallbacks()
    }

    /// Over loopback TLS is taken where it is offered: a password goes to no network there.
    static func protection(of mail: MailEnvelope, at target: RequestTarget) -> curl_usessl {
        switch mail.security {
        case .required: CURLUSESSL_ALL
        case .requiredBeyondLoopback: RequestTarget.isLoopback(target.host) ? CURLUSESSL_TRY : CURLUSESSL_ALL
        case .off: CURLUSESSL_NONE
        }
    }
}
