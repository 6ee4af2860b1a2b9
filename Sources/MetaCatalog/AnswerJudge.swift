import Events
import Transport

/// Makes of what came back either a JSON answer or a failure with its kind. Reads the body first, on any status.
struct AnswerJudge: Sendable {
    /// The call in words, such as `items_batch of catalogue 123`.
    let call: String
    /// Whether the request holds items that could be at fault.
    let carriesItems: Bool
    let redaction: Redaction

    func judge(_ response: HTTPResponse) throws(CallFailure) -> (answer: JSONValue, info: CallInfo) {
        let info = Self.info(response)
        let answer: JSONValue
        do throws(JSONError) {
            answer = try JSONReader.read(response.body)
        } catch {
            throw unreadable(response, error, info)
        }
        if let envelope = ErrorEnvelope(answer) { throw refused(envelope, response, info) }
        guard (200...299).contains(response.status) else {
            throw unclassified(response, "HTTP \(response.status) without an error object: \(redaction.excerpt(response.body))", info)
        }
        return (answer, info)
    }

    func judge(_ error: TransportError) -> CallFailure {
        let kind: FailureKind =
            switch error.reason {
            case .cancelled: .cancelled
            case .badURL, .badHeader, .refusedPlainHTTP: .badRequest
            case .resolve, .connect, .tls, .timeout, .closedBeforeAnswer, .partialAnswer, .tooLarge, .notHTTP, .proxy, .localFile, .queueFull, .other:
                error.requestMayHaveArrived ? .lostAnswer : .unreachable
            }
        return CallFailure(
            kind: kind, message: redaction(error.culprit), transport: error.reason, requestMayHaveArrived: carriesItems && error.requestMayHaveArrived, culprit: call,
            remedy: kind == .lostAnswer ? FailureRemedy.text(kind) : error.remedy)
    }

    /// An answer that is JSON and no error, and yet not what this call promises.
    func malformed(_ what: String, _ info: CallInfo) -> CallFailure { failure(.malformedAnswer, what, info) }

    private func unreadable(_ response: HTTPResponse, _ error: JSONError, _ info: CallInfo) -> CallFailure {
        let seen =
            response.body.isEmpty
            ? "the answer is empty" : "the answer is no JSON (\(error.problem.rawValue) at byte \(error.offset)): \(redaction.excerpt(response.body))"
        return unclassified(response, "HTTP \(response.status): \(seen)", info)
    }

    /// No code to go by, only the status.
    private func unclassified(_ response: HTTPResponse, _ seen: String, _ info: CallInfo) -> CallFailure {
        var failure = failure(fitting(FailureClassifier.kind(ofStatus: response.status)), seen, info)
        failure.regainAccess = failure.kind == .throttled ? pause(response, info) : nil
        return failure
    }

    private func fitting(_ kind: FailureKind) -> FailureKind { carriesItems ? kind : FailureClassifier.withoutItems(kind) }

    private func refused(_ error: ErrorEnvelope, _ response: HTTPResponse, _ info: CallInfo) -> CallFailure {
        let kind = fitting(FailureClassifier.kind(of: error, httpStatus: response.status))
        var failure = failure(kind, redaction(error.message), info)
        failure.code = error.code
        failure.subcode = error.subcode
        failure.userMessage = error.userMessage.map { redaction($0) }
        failure.fbtraceID = error.fbtraceID ?? info.fbtraceID
        failure.remedy = FailureRemedy.text(kind, code: error.code, subcode: error.subcode)
        failure.regainAccess = kind == .throttled ? pause(response, info) : nil
        return failure
    }

    private func failure(_ kind: FailureKind, _ message: String, _ info: CallInfo) -> CallFailure {
        CallFailure(
            kind: kind, message: message, fbtraceID: info.fbtraceID, httpStatus: info.httpStatus,
            requestMayHaveArrived: carriesItems && FailureClassifier.mayHaveArrived(kind), usage: info.usage, culprit: call, remedy: FailureRemedy.text(kind))
    }

    /// The longest wait that any header asks for. Graph sends no `Retry-After`; what stands before it may.
    private func pause(_ response: HTTPResponse, _ info: CallInfo) -> Duration? {
        (info.usage.map(\.regainAccess) + [response.retryAfter]).compactMap(\.self).max()
    }

    private static func info(_ response: HTTPResponse) -> CallInfo {
        CallInfo(
            httpStatus: response.status, usage: UsageHeaders.readings(in: response.headers),
            apiVersionAnswered: response.headers["facebook-api-version"], fbtraceID: response.headers["x-fb-trace-id"],
            answeredAt: response.headers["date"].flatMap(Timestamp.init(httpDate:)), timings: response.timings)
    }
}
