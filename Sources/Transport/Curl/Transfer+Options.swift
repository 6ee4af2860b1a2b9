import CLibCurl

/// What libcurl is told before a transfer starts.
extension Transfer {
    func configure() {
        let request = plan.request
        easy.set(CURLOPT_URL, request.url)
        // The path as it stands: a signature over it, and a key such as `a//../b` of an object store, must reach the peer unchanged.
        easy.set(CURLOPT_PATH_AS_IS, true)
        easy.set(CURLOPT_NOSIGNAL, true)
        easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        easy.set(CURLOPT_FOLLOWLOCATION, false)
        // Otherwise ending a transfer while its name is looked up waits for the name server, and every other transfer with it.
        easy.set(CURLOPT_QUICK_EXIT, true)
        easy.set(CURLOPT_TCP_KEEPALIVE, true)
        easy.set(CURLOPT_MAXAGE_CONN, max(1, Int(plan.configuration.idleConnectionLifetime.components.seconds)))
        easy.set(CURLOPT_TIMEOUT_MS, request.timeout.curlMilliseconds)
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.curlMilliseconds)
        // To HEAD the length is that of a body which does not come.
        if request.method != .head {
            easy.set(CURLOPT_MAXFILESIZE_LARGE, offset: max(1, request.answerLimit, request.answerFile?.range.count ?? 0))
        }
        if let stall = request.stallTimeout {
            easy.set(CURLOPT_LOW_SPEED_LIMIT, 1)
            easy.set(CURLOPT_LOW_SPEED_TIME, max(1, Int(stall.components.seconds)))
        }
        easy.set(CURLOPT_USERAGENT, plan.configuration.userAgent)
        setTrust()
        setMethod()
        setHeaders()
        setCallbacks()
    }

    private func setTrust() {
        easy.set(CURLOPT_SSL_VERIFYPEER, 1)
        easy.set(CURLOPT_SSL_VERIFYHOST, 2)
        easy.set(CURLOPT_PROTOCOLS_STR, plan.target.isPlain ? "http" : "https")
        // Plain HTTP is for this machine or its network; through a proxy it would leave them, readable.
        if plan.target.isPlain || plan.request.bypassesProxy { easy.set(CURLOPT_PROXY, "") }
        easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
        if let file = plan.configuration.caFile { easy.set(CURLOPT_CAINFO, file) }
    }

    private func setMethod() {
        let request = plan.request
        switch request.method {
        case .get: easy.set(CURLOPT_HTTPGET, true)
        case .head: easy.set(CURLOPT_NOBODY, true)
        case .post:
            easy.set(CURLOPT_POST, true)
            easy.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: UploadSource(request).count)
        case .put:
            easy.set(CURLOPT_UPLOAD, true)
            easy.set(CURLOPT_INFILESIZE_LARGE, offset: UploadSource(request).count)
        case .delete: easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    private func setHeaders() {
        // A header of that name with nothing behind the colon is how libcurl is told to leave its own out. `Expect: 100-continue` costs a
        // second where the peer ignores it; the content type of a form is a wrong guess.
        var lines = ["Expect:"]
        if !plan.request.headers.contains(where: { $0.name.lowercased() == "content-type" }) { lines.append("Content-Type:") }
        for (name, value) in plan.request.headers {
            // An empty value is written with a semicolon, since a bare colon means "leave it out". Source: CURLOPT_HTTPHEADER(3).
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        easy.setHeaders(lines)
    }

    /// The callbacks get the transfer itself, unretained: `CurlLoop.active` holds it until its handle has left the multi handle.
    func setCallbacks() {
        let me = Unmanaged.passUnretained(self).toOpaque()
        easy.set(CURLOPT_WRITEDATA, pointer: me)
        easy.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, me in
            Transfer.at(me).takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
        }
        easy.set(CURLOPT_HEADERDATA, pointer: me)
        easy.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, me in
            Transfer.at(me).takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
        }
        easy.set(CURLOPT_READDATA, pointer: me)
        easy.set(CURLOPT_READFUNCTION) { room, size, count, me in
            Transfer.at(me).give(into: UnsafeMutableRawBufferPointer(start: room, count: size * count)) ?? Int(CURL_READFUNC_ABORT)
        }
        easy.set(CURLOPT_SEEKDATA, pointer: me)
        easy.setSeek { me, place, origin in
            // libcurl only ever seeks from the start. Source: CURLOPT_SEEKFUNCTION(3).
            origin == 0 && Transfer.at(me).rewind(to: Int(place)) ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
        }
    }

    private static func at(_ pointer: UnsafeMutableRawPointer?) -> Transfer {
        guard let pointer else { preconditionFailure("libcurl called back without its user data") }
        return Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
    }
}

extension Duration {
    /// At least 1, since libcurl reads 0 as "no limit"; at most 24 days, what fits its type everywhere.
    var curlMilliseconds: Int {
        let (seconds, attoseconds) = components
        let bounded = min(max(seconds, 0), 2_000_000)
        return max(1, Int(bounded) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
