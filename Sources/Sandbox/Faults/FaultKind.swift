/// Every way in which the sandbox can misbehave. Codes are those of Meta's error pages; where no HTTP status is documented, ours is named.
public enum FaultKind: String, Sendable, CaseIterable, Hashable {
    /// 80014 on a POST, 80009 on the status edge (HTTP 400: undocumented), with the minutes to wait in the usage header.
    case throttle
    /// Code 4, app call limit, HTTP 403 as observed.
    case throttleApp
    /// Code 17, user call limit, HTTP 400.
    case throttleUser
    /// Code 613, custom rate limit, HTTP 400.
    case throttleCustom
    /// Code 2 with HTTP 500 and `is_transient`.
    case transient
    /// Code 1 with HTTP 500, without the too-large text.
    case unknownError
    /// HTTP 502 with an HTML page.
    case badGateway
    /// The connection is reset before any answer; nothing is stored.
    case reset
    /// No answer until the client gives up, at most `FaultPlan.hangLimit`; nothing is stored.
    case hang
    /// The answer comes after `FaultPlan.slowAnswer`.
    case slow
    /// The answer breaks off in the middle of its body. A POST is stored.
    case partialBody
    /// The POST is stored and gets its handle, then the connection is closed without an answer.
    case answerLost
    /// HTTP 200 without a handle; nothing is stored.
    case noHandle
    /// The handle ends as `error`: about half of its items are applied, none is named.
    case handleError
    /// The handle ends as `canceled`: about half of its items are applied, none is named.
    case handleCanceled
    /// The handle stays `started` for ever; about half of its items are applied.
    case neverFinishes
    /// The handle says a word Meta does not document before it finishes.
    case unknownStatus
    /// The handle finishes, counts errors, and names neither the ids nor the items in the sample; those items are not stored.
    case hiddenIDs
    /// 100/1803063 for the whole call; nothing is stored. Meant with `FaultTrigger.item`: see `FaultPlan.poisonPassesAlone`.
    case poison
    /// 190/463.
    case tokenExpired
    /// 200, permissions error.
    case permissionRemoved

    /// Kinds after which a retry can succeed without a person: all but a dead token, a lost permission and a poisoned item.
    public static let survivable: Set<FaultKind> = Set(allCases).subtracting([.tokenExpired, .permissionRemoved, .poison])

    /// Kinds that colour the life of a handle; they are drawn at the POST and seen on the status edge.
    static let ofHandles: Set<FaultKind> = [.handleError, .handleCanceled, .neverFinishes, .unknownStatus, .hiddenIDs]

    /// Kinds which only a POST can have.
    static let ofPostsOnly: Set<FaultKind> = ofHandles.union([.answerLost, .noHandle, .poison])

    /// Kinds that answer before a call is looked into: nothing is stored.
    static let ofRefusedCalls: Set<FaultKind> = [
        .throttle, .throttleApp, .throttleUser, .throttleCustom, .transient, .unknownError, .badGateway, .reset, .hang, .poison, .tokenExpired,
        .permissionRemoved,
    ]
}
