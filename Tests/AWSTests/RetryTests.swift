import Events
import Testing

@testable import AWS

@Suite("When a call is tried again")
struct RetryTests {
    @Test("is told by AWS's code first, then by the status", arguments: [
        ("SlowDown", 503, .throttled), ("Throttling", 400, .throttled), ("ThrottlingException", 400, .throttled), (nil, 429, .throttled),
        ("InternalError", 500, .transient), ("RequestTimeout", 400, .transient), (nil, 500, .transient), (nil, 502, .transient), (nil, 503, .transient),
        (nil, 504, .transient), ("IDPCommunicationError", 400, .transient), ("ExpiredToken", 400, .expired), ("ExpiredTokenException", 403, .expired),
        ("RequestTimeTooSkewed", 403, .clockSkew), ("SignatureDoesNotMatch", 403, .clockSkew), ("AccessDenied", 403, .final), ("NoSuchKey", 404, .final),
        (nil, 501, .final), (nil, 400, .final), ("ConditionalRequestConflict", 409, .final), ("PreconditionFailed", 412, .final),
    ] as [(String?, Int, FailureKind)])
    func kinds(code: String?, status: Int, kind: FailureKind) { #expect(FailureKind(code: code, status: status) == kind) }

    @Test("waits longer each time, up to 20 seconds, by chance", arguments: [
        (1, 1.0), (2, 2), (3, 4), (5, 16), (6, 20), (19, 20),
    ])
    func backoff(attempt: Int, ceiling: Double) {
        var quota = RetryQuota()
        let policy = RetryPolicy(attempts: 20)
        #expect(policy.decide(.transient, attempt: attempt, asked: nil, chance: 0.5, quota: &quota) == .wait(.seconds(ceiling * 0.5), cost: 5))
        #expect(policy.decide(.transient, attempt: attempt, asked: nil, chance: 0, quota: &quota) == .wait(.zero, cost: 5))
    }

    @Test("waits as the peer asks, from its own delay to five seconds more", arguments: [
        (0.2, 0.5), (3.0, 3.0), (5.5, 5.5), (60, 5.5),
    ])
    func asked(seconds: Double, waits: Double) {
        var quota = RetryQuota()
        let decision = RetryPolicy(attempts: 3).decide(.throttled, attempt: 1, asked: .seconds(seconds), chance: 0.5, quota: &quota)
        #expect(decision == .wait(.seconds(waits), cost: 5))
    }

    @Test("gives up after the last attempt, and at once on what will not change")
    func givesUp() {
        var quota = RetryQuota()
        let policy = RetryPolicy(attempts: 3)
        #expect(policy.decide(.transient, attempt: 3, asked: nil, chance: 0.5, quota: &quota) == .giveUp)
        for kind in [FailureKind.final, .expired, .clockSkew] { #expect(policy.decide(kind, attempt: 1, asked: nil, chance: 0.5, quota: &quota) == .giveUp) }
        #expect(quota == RetryQuota(), "what is not tried again costs nothing")
    }

    @Test("spends from a bucket: 100 retries in an outage, 50 where they time out, and earns them back")
    func quota() {
        var quota = RetryQuota()
        #expect((0..<200).count { _ in quota.take(isTimeout: false) != nil } == 100)
        #expect(quota.take(isTimeout: false) == nil && quota.left == 0)
        for _ in 0..<5 { quota.succeeded(after: nil) }
        #expect(quota.take(isTimeout: true) == nil && quota.take(isTimeout: false) == 5)
        quota.succeeded(after: 10)
        #expect(quota.take(isTimeout: true) == 10)
        for _ in 0..<1_000 { quota.succeeded(after: 10) }
        #expect(quota.left == RetryQuota.full)
        #expect((0..<200).count { _ in quota.take(isTimeout: true) != nil } == 50)
    }

    @Test("reads the time of an answer", arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"), ("Sat, 29 Feb 2020 23:59:60 GMT", "2020-02-29T23:59:59.000Z"),
        ("Sun, 06 Nov 1994 08:49:37", nil), ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Sun, 31 Feb 2021 00:00:00 GMT", nil), ("", nil),
        ("Sun, 06 Nov 1994 25:49:37 GMT", nil), ("Sun, 06 Nov 1994 08:49 GMT", nil),
    ])
    func dates(text: String, expected: String?) { #expect(HTTPDate.parse(text)?.rfc3339 == expected) }
}
