import Events
import Settings
import Testing

@Suite struct CronExpressionTests {
    static let due: [(String, String, String)] = [
        ("* * * * *", "2026-11-21T07:55:00Z", "2026-11-21T07:56:00Z"),
        ("* * * * *", "2026-11-21T07:55:59.999Z", "2026-11-21T07:56:00Z"),
        ("0 * * * *", "2026-11-21T07:00:00Z", "2026-11-21T08:00:00Z"),
        ("0 * * * *", "2026-11-21T06:59:30Z", "2026-11-21T07:00:00Z"),
        ("*/15 * * * *", "2026-11-21T07:46:00Z", "2026-11-21T08:00:00Z"),
        ("5/20 * * * *", "2026-11-21T07:06:00Z", "2026-11-21T07:25:00Z"),
        ("30 6 * * *", "2026-11-21T07:00:00Z", "2026-11-22T06:30:00Z"),
        ("30 6,18 * * *", "2026-11-21T07:00:00Z", "2026-11-21T18:30:00Z"),
        ("0 0 1 * *", "2026-12-31T23:59:00Z", "2027-01-01T00:00:00Z"),
        ("0 0 31 * *", "2026-11-21T00:00:00Z", "2026-12-31T00:00:00Z"),
        ("0 0 29 2 *", "2026-11-21T00:00:00Z", "2028-02-29T00:00:00Z"),
        ("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"),
        ("0 9 * * mon-fri", "2026-11-21T07:00:00Z", "2026-11-23T09:00:00Z"),
        ("0 9 * * 7", "2026-11-21T07:00:00Z", "2026-11-22T09:00:00Z"),
        ("0 9 * * 0", "2026-11-21T07:00:00Z", "2026-11-22T09:00:00Z"),
        ("0 0 13 * fri", "2026-11-21T00:00:00Z", "2026-11-27T00:00:00Z"),
        ("0 0 13 * fri", "2026-12-12T00:00:00Z", "2026-12-13T00:00:00Z"),
        ("0 0 */2 * mon", "2026-11-21T00:00:00Z", "2026-11-23T00:00:00Z"),
        ("0 0 1 JAN *", "2026-11-21T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("59 23 31 12 *", "2026-12-31T23:59:00Z", "2027-12-31T23:59:00Z"),
    ]

    @Test("the next moment is the first after the given one", arguments: due)
    func next(cron: String, after: String, expected: String) throws {
        let moment = try #require(Timestamp(rfc3339: after))
        #expect(try CronExpression(cron).next(after: moment) == Timestamp(rfc3339: expected))
    }

    @Test(
        "what is no expression is refused with the field named",
        arguments: [
            ("", "0 fields"), ("* * * *", "4 fields"), ("* * * * * *", "6 fields"), ("@hourly", "1 fields"), ("60 * * * *", "minute goes from 0 to 59"),
            ("* 24 * * *", "hour"), ("* * 0 * *", "day of month"), ("* * * 13 *", "month"), ("* * * * 8", "day of week"), ("5-1 * * * *", "backwards"),
            ("*/0 * * * *", "minute"), ("*/99999999999999999999 * * * *", "minute"), ("1,,2 * * * *", "minute"), ("-1 * * * *", "minute"),
            ("a * * * *", "minute"), ("* * * foo *", "month"), ("1- * * * *", "minute"), ("٣ * * * *", "minute"), ("0 0 30 2 *", "never comes due"),
            ("0 0 31 4,6 *", "never comes due"),
        ])
    func refused(cron: String, says: String) {
        do throws(CronError) {
            _ = try CronExpression(cron)
            Issue.record("not refused")
        } catch {
            #expect(error.message.contains(says), "\(error.message)")
        }
    }

    @Test("the moments of a year are those that a minute-by-minute look finds")
    func exhaustive() throws {
        let cron = try CronExpression("*/20 3,4 1-7 * tue")
        var moment = Timestamp(year: 2026, month: 1, day: 1) + .seconds(-60)
        var minute = moment
        let end = Timestamp(year: 2027, month: 1, day: 1)
        var count = 0
        while let next = cron.next(after: moment), next < end {
            repeat { minute = minute + .seconds(60) } while !Self.isDue(minute)
            guard next == minute else {
                Issue.record("\(next.rfc3339) is not \(minute.rfc3339)")
                return
            }
            moment = next
            count += 1
        }
        #expect(count > 700)
    }

    private static func isDue(_ moment: Timestamp) -> Bool {
        let parts = moment.parts
        return parts.minute % 20 == 0 && (parts.hour == 3 || parts.hour == 4) && (parts.day <= 7 || moment.weekday == 2)
    }
}
