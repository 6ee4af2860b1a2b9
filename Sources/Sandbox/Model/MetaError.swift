/// Meta's error envelope. `type` is `OAuthException` for almost everything, rate limits included, so nobody can classify by it.
struct MetaError: Error, Sendable, Equatable {
    var code: Int
    var subcode: Int?
    var message: String
    var type = "OAuthException"
    /// HTTP status. Undocumented by Meta; 400 unless another one was observed.
    var status = 400
    var isTransient: Bool?
    var userTitle: String?
    var userMessage: String?
    var blamedField: String?

    func reply(traceID: String) -> SandboxReply {
        let blame = blamedField.map { SandboxValue.object(("blame_field_specs", .array([.array([.string($0)])]))) }
        let envelope = SandboxValue.object((
            "error",
            .object(
                ("message", .string(message)), ("type", .string(type)), ("code", .count(code)), ("error_data", blame),
                ("error_subcode", subcode.map { .count($0) }), ("is_transient", isTransient.map { .bool($0) }),
                ("error_user_title", userTitle.map { .string($0) }), ("error_user_msg", userMessage.map { .string($0) }),
                ("fbtrace_id", .string(traceID)))
        ))
        return SandboxReply(status: status, body: envelope.json)
    }
}

extension MetaError {
    static func invalidParameter(_ text: String) -> MetaError { MetaError(code: 100, message: "(#100) \(text)") }

    static let tooLarge = MetaError(
        code: 1, message: "Please reduce the amount of data you're asking for, then retry your request", status: 500)

    static func unknownPath(_ path: String) -> MetaError { MetaError(code: 2500, message: "Unknown path components: \(path)") }

    static func unsupported(method: String, object: String) -> MetaError {
        MetaError(
            code: 100, subcode: 33,
            message: "Unsupported \(method.lowercased()) request. Object with ID '\(object)' does not exist, cannot be loaded due to missing permissions, "
                + "or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api",
            type: "GraphMethodException")
    }

    static let deprecatedVersion = MetaError(
        code: 2635, message: "(#2635) You are calling a deprecated version of the Ads API. Please update to the latest version: v26.0.")

    static let badToken = MetaError(code: 190, message: "Invalid OAuth access token - Cannot parse access token", status: 401)

    static let missingProof = MetaError(
        code: 100, message: "API calls from the server require an appsecret_proof argument", type: "GraphMethodException")

    static let wrongProof = MetaError(code: 100, message: "Invalid appsecret_proof provided in the API argument", type: "GraphMethodException")

    /// The envelope of a fault, nil if the fault is not one.
    init?(fault: FaultKind, edge: SandboxEdge) {
        switch fault {
        case .throttle where edge == .itemsBatch:
            self.init(code: 80014, message: "(#80014) Too many batch uploads to this catalog account. Wait a bit and try again.")
        case .throttle:
            self.init(code: 80009, message: "(#80009) There have been too many calls to this catalog account. Wait a bit and try again.")
        case .throttleApp: self.init(code: 4, message: "(#4) Application request limit reached", status: 403, isTransient: true)
        case .throttleUser: self.init(code: 17, subcode: 2_446_079, message: "(#17) User request limit reached")
        case .throttleCustom: self.init(code: 613, subcode: 1996, message: "(#613) Calls to this api have exceeded the rate limit.")
        case .transient:
            self.init(code: 2, message: "An unexpected error has occurred. Please retry your request later.", status: 500, isTransient: true)
        case .unknownError: self.init(code: 1, message: "An unknown error occurred", status: 500)
        case .poison:
            self.init(
                code: 100, subcode: 1_803_063, message: "Invalid parameter", userTitle: "All capital letters",
                userMessage: "Rewrite the text without using all capital letters.", blamedField: "title")
        case .tokenExpired:
            self.init(code: 190, subcode: 463, message: "Error validating access token: Session has expired.", status: 401)
        case .permissionRemoved: self.init(code: 200, message: "(#200) Permissions error", status: 403)
        case .badGateway, .reset, .hang, .slow, .partialBody, .answerLost, .noHandle, .handleError, .handleCanceled, .neverFinishes,
            .unknownStatus, .hiddenIDs:
            return nil
        }
    }
}
