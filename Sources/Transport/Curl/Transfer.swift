#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif
import CLibCurl

/// One transfer under way: its handle, what is left to send and what has come. Lives and dies on the transport's thread.
final class Transfer {
    let submission: Submission
    var easy: EasyHandle
    let startedAt = ContinuousClock.now

    private let upload: UploadSource
    private var uploaded = 0
    /// libcurl started over, on a fresh connection: what it counts as sent is then only the second try.
    private var rewound = false
    private var headers = HTTPHeaders()
    private var headerBytes = 0
    /// The last line was the blank one behind them.
    private var headersEnded = false
    private var body: [UInt8] = []
    private var overLimit = false
    private var storedBytes = 0
    /// What the local file said no to, as errno words.
    private var fileFailure: String?

    var plan: TransferPlan { submission.plan }

    init(_ submission: Submission) throws(TransportError) {
        guard let easy = EasyHandle() else {
            throw submission.plan.failure(
                .other(curlCode: Int(CURLE_OUT_OF_MEMORY.rawValue)), "libcurl gave no handle", remedy: "give the process more memory")
        }
        self.submission = submission
        self.easy = easy
        upload = UploadSource(submission.plan.request)
        if let mail = plan.mail { configure(mail) } else { configure() }
    }
}

// MARK: - What libcurl calls

extension Transfer {
    /// Bytes for libcurl to send. Returns how many there were, nil to end the transfer.
    func give(into room: UnsafeMutableRawBufferPointer) -> Int? {
        guard let count = upload.read(into: room, at: uploaded) else {
            fileFailure = "the file to send cannot be read, or is shorter than it was"
            return nil
        }
        uploaded += count
        return count
    }

    func rewind(to place: Int) -> Bool {
        guard (0...upload.count).contains(place) else { return false }
        uploaded = place
        rewound = true
        return true
    }

    /// One header line. False ends the transfer.
    func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= plan.configuration.headerLimit else {
            overLimit = true
            return false
        }
        let text = String(decoding: line, as: UTF8.self)
        if text == "\r\n" || text == "\n" { headersEnded = true }
        if text.hasPrefix("HTTP/") {  // the status line, also behind a 1xx answer: what came before it counts no more
            headers = HTTPHeaders()
            headersEnded = false
        } else if let colon = text.firstIndex(of: ":") {
            headers.append(name: String(text[..<colon]), value: text[text.index(after: colon)...].trimmed)
        }
        return true
    }

    /// A piece of the body. False ends the transfer.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if let target = plan.request.answerFile, target.status == easy.long(CURLINFO_RESPONSE_CODE) { return store(bytes, in: target.range) }
        guard bytes.count <= plan.request.answerLimit - body.count else {
            overLimit = true
            return false
        }
        if body.isEmpty {
            body.reserveCapacity(min(max(easy.offset(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T), bytes.count), plan.request.answerLimit))
        }
        body.append(contentsOf: bytes)
        return true
    }

    private func store(_ bytes: UnsafeRawBufferPointer, in range: FileRange) -> Bool {
        guard bytes.count <= range.count - storedBytes else {
            overLimit = true
            return false
        }
        guard range.file.write(bytes, at: range.offset + storedBytes) else {
            fileFailure = "the answer cannot be written to the disk: \(String(cString: strerror(errno)))"
            return false
        }
        storedBytes += bytes.count
        return true
    }
}

// MARK: - How it ended

extension Transfer {
    func outcome(of code: CURLcode) -> TransferOutcome {
        let timings = timings
        guard code == CURLE_OK else {
            return TransferOutcome(result: .failure(failure(code)), timings: timings, status: easy.long(CURLINFO_RESPONSE_CODE))
        }
        // The peer was gone in the middle of its headers, which libcurl takes for an answer.
        guard headersEnded || plan.mail != nil else {
            return TransferOutcome(result: .failure(failure(CURLE_PARTIAL_FILE)), timings: timings, status: easy.long(CURLINFO_RESPONSE_CODE))
        }
        let pause = min(easy.offset(CURLINFO_RETRY_AFTER), 86_400)  // 0: the header is absent
        var response = HTTPResponse(
            status: easy.long(CURLINFO_RESPONSE_CODE), headers: headers, body: body, retryAfter: pause > 0 ? .seconds(pause) : nil,
            timings: timings)
        response.storedBytes = storedBytes
        return TransferOutcome(result: .success(response), timings: timings)
    }

    func cancelledOutcome() -> TransferOutcome {
        TransferOutcome(result: .failure(plan.cancelled(mayHaveArrived: mayHaveArrived)), timings: timings)
    }

    /// A peer acts on a request only once it has all of it; the body's length goes ahead of the body.
    private var mayHaveArrived: Bool {
        if headerBytes > 0 { return true }
        let headSent = easy.long(CURLINFO_REQUEST_SIZE) > 0
        return headSent && (rewound || easy.offset(CURLINFO_SIZE_UPLOAD_T) >= upload.count)
    }

    private var timings: HTTPTimings {
        var timings = HTTPTimings()
        timings.queued = startedAt - submission.submittedAt
        timings.nameLookup = easy.microseconds(CURLINFO_NAMELOOKUP_TIME_T)
        timings.connected = easy.microseconds(CURLINFO_CONNECT_TIME_T)
        timings.secured = easy.microseconds(CURLINFO_APPCONNECT_TIME_T)
        timings.firstByte = easy.microseconds(CURLINFO_STARTTRANSFER_TIME_T)
        timings.total = easy.microseconds(CURLINFO_TOTAL_TIME_T)
        let requestBytes = easy.long(CURLINFO_REQUEST_SIZE)
        timings.reusedConnection = requestBytes > 0 && easy.long(CURLINFO_NUM_CONNECTS) == 0
        timings.bytesSent = requestBytes + easy.offset(CURLINFO_SIZE_UPLOAD_T)
        timings.bytesReceived = headerBytes + easy.offset(CURLINFO_SIZE_DOWNLOAD_T)
        return timings
    }

    private func failure(_ code: CURLcode) -> TransportError {
        if let fileFailure { return plan.failure(.localFile, fileFailure, remedy: CurlFailure.remedy(.localFile), mayHaveArrived: mayHaveArrived) }
        let reason = CurlFailure.reason(
            code, answerBegun: headerBytes > 0, overLimit: overLimit, refusedByProxy: easy.long(CURLINFO_HTTP_CONNECTCODE) >= 300)
        let seen =
            reason == .tooLarge
            ? "the answer is larger than \(plan.request.answerFile?.range.count ?? plan.request.answerLimit) bytes, or its headers than \(plan.configuration.headerLimit)"
            : words(for: code)
        return plan.failure(reason, seen, remedy: CurlFailure.remedy(reason), mayHaveArrived: mayHaveArrived)
    }
}

extension Transfer {
    /// libcurl's own words, and the file that it could not use: it names it now and then.
    private func words(for code: CURLcode) -> String {
        let words = easy.words(for: code)
        guard code == CURLE_SSL_CACERT_BADFILE, let file = plan.configuration.caFile, !words.contains(file) else { return words }
        return "\(words): \(file)"
    }
}

extension Substring {
    fileprivate var trimmed: String {
        let isSpace = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\n" }
        let head = unicodeScalars.drop(while: isSpace)
        guard let last = head.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(head[...last])
    }
}
