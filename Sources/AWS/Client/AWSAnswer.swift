import FoundationEssentials
import Transport

/// What an answer that refuses a call says, in any of AWS's three ways to say it.
struct AWSRefusal: Sendable, Equatable {
    var code: String?
    var message: String?
    var requestID: String?
    var status: Int
    /// S3 names the region a bucket is in.
    var bucketRegion: String?

    /// Nil: the answer is good.
    static func read(_ response: HTTPResponse, _ call: AWSCall) -> AWSRefusal? {
        let isGood = (200..<300).contains(response.status)
        if isGood, !call.mayFailWithin200 { return nil }
        var refusal = AWSRefusal(status: response.status)
        refusal.requestID = response.headers["x-amz-request-id"] ?? response.headers["x-amzn-requestid"]
        refusal.bucketRegion = response.headers["x-amz-bucket-region"]
        switch call.form {
        case .json: refusal.readJSON(response)
        case .query, .s3: refusal.readXML(response.body)
        }
        if isGood {
            guard refusal.code != nil else { return nil }
            refusal.status = 500  // what S3 would have said, had it known in time
        }
        return refusal
    }

    private mutating func readXML(_ body: [UInt8]) {
        guard let root = try? XMLElement.read(body) else { return }
        guard let error = root.name == "Error" ? root : root["Error"] ?? root["Errors"]?["Error"] else { return }
        code = error["Code"]?.text
        message = error["Message"]?.text
        requestID = requestID ?? error["RequestId"]?.text ?? root["RequestId"]?.text
    }

    private struct JSONBody: Decodable {
        var __type: String?
        var code: String?
        var message: String?
        var Message: String?
    }

    private mutating func readJSON(_ response: HTTPResponse) {
        let body = try? JSONDecoder().decode(JSONBody.self, from: Data(response.body))
        message = body?.message ?? body?.Message
        let raw = response.headers["x-amzn-errortype"] ?? body?.__type ?? body?.code
        code = raw.map(Self.bareName)
        if code == nil { readXML(response.body) }  // moto answers some refusals in the wrong form
    }

    /// Without the `namespace#` before it and the `:url` behind it.
    static func bareName(_ raw: String) -> String {
        let name = raw.prefix { $0 != ":" }
        return String(name.lastIndex(of: "#").map { name[name.index(after: $0)...] } ?? name)
    }
}

extension AWSRefusal {
    private static let deniedCodes: Set = [
        "AccessDenied", "AccessDeniedException", "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch",
        "InvalidSignatureException", "IncompleteSignature", "MissingAuthenticationToken", "MissingAuthenticationTokenException", "AuthFailure",
        "NotAuthorized", "AuthorizationError", "InvalidIdentityToken", "RequestTimeTooSkewed", "RequestExpired", "InvalidToken",
        "AllAccessDisabled", "AccountProblem",
    ]
    private static let notFoundCodes: Set = [
        "NoSuchKey", "NoSuchBucket", "NoSuchUpload", "NotFound", "ResourceNotFoundException", "ParameterNotFound", "QueueDoesNotExist", "NoSuchLifecycleConfiguration",
        "AWS.SimpleQueueService.NonExistentQueue",
    ]

    func reason(_ kind: FailureKind) -> AWSError.Reason {
        switch kind {
        case .throttled: return .throttled
        case .expired: return .expired
        case .transient, .timeout: return .service
        case .clockSkew, .final: break
        }
        if let code, Self.deniedCodes.contains(code) { return .denied }
        if let code, Self.notFoundCodes.contains(code) { return .notFound }
        switch status {
        case 401, 403: return .denied
        case 404: return .notFound
        case 409 where code == nil || code == "ConditionalRequestConflict" || code == "OperationAborted": return .conflict
        case 412: return .preconditionFailed
        default: return .refused
        }
    }

    func error(_ kind: FailureKind, _ service: AWSService, _ call: AWSCall) -> AWSError {
        let reason = reason(kind)
        let said = [code, message].compactMap(\.self).joined(separator: ": ")
        let subject = call.subject.isEmpty ? "" : " \(call.subject)"
        return AWSError(
            reason, culprit: "\(service.rawValue) \(call.operation)\(subject): \(said.isEmpty ? "HTTP \(status)" : "\(said) (\(status))")",
            remedy: remedy(reason, service, call), code: code, status: status, requestID: requestID)
    }

    private func remedy(_ reason: AWSError.Reason, _ service: AWSService, _ call: AWSCall) -> String {
        if let bucketRegion, status == 301 || status == 307 || status == 400 { return "The bucket is in \(bucketRegion): set `aws.region`." }
        switch reason {
        case .denied:
            switch code {
            case "SignatureDoesNotMatch", "InvalidSignatureException": return "Check the secret access key, and the clock of this machine."
            case "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException": return "Check the access key id: AWS does not know it."
            default:
                let rights = AWSOperation(rawValue: call.operation)?.actions ?? []
                return "Give the role or user the right \(rights.isEmpty ? "to \(call.operation)" : rights.joined(separator: " and "))."
            }
        case .expired: return "Get new credentials; a role of the machine, task or pod renews itself."
        case .notFound: return "Check the name in the settings, and the region."
        case .throttled: return "Try again later; if it stays, ask AWS for a higher limit."
        case .service: return "Try again later; if it stays, look at AWS's health page."
        case .preconditionFailed, .conflict: return "Another process writes there: make sure that only one Vitrine works on this pipeline."
        default: return "Look the code up in AWS's documentation of \(call.operation)."
        }
    }
}
