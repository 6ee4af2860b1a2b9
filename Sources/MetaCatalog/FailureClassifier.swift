/// What to do about an error: decided by Meta's code, and by the HTTP status only where there is none.
///
/// Sources: Graph API guide "Handle Errors", "Rate Limits", and the reference of `items_batch`. Meta sends throttling with 400 and 403,
/// and refusals with 200, so the status says little; `type` is `OAuthException` for nearly everything, so it says nothing.
enum FailureClassifier {
    static func kind(of error: ErrorEnvelope, httpStatus: Int) -> FailureKind {
        // The same code 100 as a wrong parameter, but the settings are at fault.
        if error.message.contains("appsecret_proof") { return .authentication }
        guard let code = error.code else { return error.isTransient ? .transient : kind(ofStatus: httpStatus) }
        switch code {
        case 4, 17, 32, 341, 613, 80_000...80_014: return .throttled
        case 1: return asksForLess(error.message) ? .tooLarge : .transient
        case 2: return .transient
        case 3, 10, 200...299, 368: return .permission
        case 102, 190: return .authentication
        case 2635: return .versionRetired
        case 33: return .badRequest
        case 10_800: return .dataRefused
        case 100: return kindOfInvalidParameter(error)
        default: return error.isTransient ? .transient : kind(ofStatus: httpStatus)
        }
    }

    /// Code 100 says "invalid parameter" of the call and of an item's field alike.
    private static func kindOfInvalidParameter(_ error: ErrorEnvelope) -> FailureKind {
        if error.isTransient { return .transient }
        // The object in the path does not exist or is not visible: no item can be at fault.
        if error.subcode == 33 { return .badRequest }
        if error.subcode == 1_803_063 { return .dataRefused }
        return error.blamesField || error.userTitle != nil ? .dataRefused : .badRequest
    }

    /// An answer without Meta's error object: a gateway, a proxy, a load balancer.
    static func kind(ofStatus status: Int) -> FailureKind {
        switch status {
        case 401, 407: .authentication
        case 403: .permission
        case 408, 425, 500...599: .transient
        case 413: .tooLarge
        case 429: .throttled
        case 200...299: .malformedAnswer
        default: .badRequest
        }
    }

    /// A call without items has none to halve and none to mend: the kinds that ask for that become what is left to do.
    static func withoutItems(_ kind: FailureKind) -> FailureKind {
        switch kind {
        case .dataRefused: .badRequest
        case .tooLarge: .transient
        case .throttled, .transient, .authentication, .permission, .badRequest, .versionRetired, .lostAnswer, .unreachable, .malformedAnswer, .cancelled:
            kind
        }
    }

    private static func asksForLess(_ message: String) -> Bool { message.lowercased().contains("reduce the amount of data") }

    /// Whether Meta may have taken the batch although it answered with this.
    static func mayHaveArrived(_ kind: FailureKind) -> Bool {
        switch kind {
        case .transient, .lostAnswer, .malformedAnswer: true
        case .throttled, .tooLarge, .authentication, .permission, .badRequest, .dataRefused, .versionRetired, .unreachable, .cancelled: false
        }
    }
}
