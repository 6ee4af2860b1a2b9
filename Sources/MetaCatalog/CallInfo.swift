public import Events
public import Transport

/// What came beside the content of an answer.
public struct CallInfo: Sendable {
    public var httpStatus: Int
    public var usage: [UsageReading]
    /// The version that really answered (`facebook-api-version`). Meta moves calls to a retired version on to a later one.
    public var apiVersionAnswered: String?
    /// Names the call to Meta's support. It expires soon on their side.
    public var fbtraceID: String?
    /// The far side's clock, to the second (`Date`).
    public var answeredAt: Timestamp?
    public var timings: HTTPTimings

    public init(
        httpStatus: Int = 200, usage: [UsageReading] = [], apiVersionAnswered: String? = nil, fbtraceID: String? = nil,
        answeredAt: Timestamp? = nil, timings: HTTPTimings = HTTPTimings()
    ) {
        self.httpStatus = httpStatus
        self.usage = usage
        self.apiVersionAnswered = apiVersionAnswered
        self.fbtraceID = fbtraceID
        self.answeredAt = answeredAt
        self.timings = timings
    }
}
