/// What an operator can do about a failed call, in one sentence.
enum FailureRemedy {
    static func text(_ kind: FailureKind, code: Int? = nil, subcode: Int? = nil) -> String {
        switch kind {
        case .throttled: "nothing: the calls go on when Meta's quota allows; if it is often used up, run less often or in larger batches"
        case .transient: "nothing at first: it is tried again; if it stays, look at metastatus.com"
        case .tooLarge: "nothing: the batch is cut; if it is often, lower delivery.batch_size"
        case .authentication: authentication(subcode: subcode)
        case .permission: permission(code: code)
        case .badRequest: "check catalog.id and catalog.graph_url, and that the catalogue is assigned to the system user; `vitrine doctor` asks Meta"
        case .dataRefused: "mend the item Meta names; the batch is halved until it is found"
        case .versionRetired: "raise the version in catalog.graph_url"
        case .lostAnswer: "nothing: the items are sent again, or looked after by the next run"
        case .unreachable: "check network, proxy and certificates of this machine; nothing was sent"
        case .malformedAnswer: "check that catalog.graph_url points to Meta and that no proxy rewrites answers; the items count as unknown"
        case .cancelled: "none; the call was given up on purpose"
        }
    }

    /// Subcodes of code 190. Source: Graph API guide, "Handle Errors".
    private static func authentication(subcode: Int?) -> String {
        switch subcode {
        case 458: "install the app for the system user again and make a new access token"
        case 459, 464: "log in to Facebook as the owner of the token and confirm the account"
        case 460: "the password was changed: make a new access token, best of a system user"
        case 463: "the access token has expired: make a new one, best one of a system user that does not expire"
        default: "make a new access token and put it where catalog.access_token points; where the app demands a proof, check catalog.app_secret"
        }
    }

    private static func permission(code: Int?) -> String {
        code == 368
            ? "Meta has blocked the account for a while for breaking a policy: see Account Quality in Business Manager"
            : "give the system user the permission catalog_management and the catalogue itself, in Business Manager"
    }
}
