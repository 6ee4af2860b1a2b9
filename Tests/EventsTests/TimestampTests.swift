import Events
import Testing

@Suite struct TimestampTests {
    @Test(
        "a moment is written in RFC 3339 and read back",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1_000_000, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
            (-2_203_977_600_000_000_000, "1900-02-28T00:00:00.000Z"),
            (-2_203_891_200_000_000_000, "1900-03-01T00:00:00.000Z"),
            (1_795_247_700_123_000_000, "2026-11-21T07:55:00.123Z"),
            (4_107_542_399_999_000_000, "2100-02-28T23:59:59.999Z"),
        ] as [(Int64, String)])
    func bothWays(nanoseconds: Int64, text: String) {
        #expect(Timestamp(nanoseconds: nanoseconds).rfc3339 == text)
        #expect(Timestamp(rfc3339: text)?.nanoseconds == nanoseconds)
    }

    @Test(
        "a fraction may have up to nine digits or be missing",
        arguments: [("1970-01-01T00:00:01Z", 1_000_000_000), ("1970-01-01T00:00:00.5Z", 500_000_000), ("1970-01-01T00:00:00.123456789Z", 123_456_789)])
    func fractions(text: String, nanoseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.nanoseconds == nanoseconds)
    }

    @Test(
        "what is no moment is refused",
        arguments: [
            "", "2026-11-21", "2026-11-21T07:55:00", "2026-11-21T07:55:00+00:00", "2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z", "2026-01-01T00:00:00xZ", "１９７０-01-01T00:00:00Z", "2026-1-01T00:00:00.0Z",
        ])
    func refused(text: String) { #expect(Timestamp(rfc3339: text) == nil) }

    @Test("what lies beyond 64 bits becomes the nearest moment there is")
    func saturates() {
        #expect(Timestamp(rfc3339: "9999-12-31T23:59:59.999Z") == .distantFuture)
        #expect(Timestamp(rfc3339: "0001-01-01T00:00:00Z") == .distantPast)
        #expect(Timestamp(seconds: 1e300) == .distantFuture)
        #expect(Timestamp(seconds: -1e300) == .distantPast)
        #expect(Timestamp(seconds: .nan) == Timestamp(nanoseconds: 0))
        #expect(Timestamp.distantFuture + .seconds(1) == .distantFuture)
        #expect(Timestamp.distantPast + .seconds(-1) == .distantPast)
        #expect(Timestamp.distantFuture - Timestamp.distantPast > .zero)
    }

    @Test("every day from 1899 to 2101 is one day after the day before, in the calendar and in the week")
    func calendar() {
        var moment = Timestamp(year: 1899, month: 1, day: 1)
        #expect(moment.weekday == 0)
        var weekday = 0
        for year in 1899...2101 {
            for month in 1...12 {
                for day in 1...Timestamp.days(inMonth: month, of: year) {
                    let parts = moment.parts
                    guard parts.year == year, parts.month == month, parts.day == day, moment.weekday == weekday,
                        moment == Timestamp(year: year, month: month, day: day)
                    else {
                        Issue.record("\(moment.rfc3339) is not \(year)-\(month)-\(day)")
                        return
                    }
                    moment = moment + .seconds(86_400)
                    weekday = (weekday + 1) % 7
                }
            }
        }
    }
}
