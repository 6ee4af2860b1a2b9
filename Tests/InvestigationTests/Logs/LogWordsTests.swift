import Events
import Testing

@testable import Investigation

@Suite("What people ask logs for")
struct LogWordsTests {
    static let now = Timestamp(year: 2026, month: 11, day: 21, hour: 14, minute: 30)

    @Test("moments as people say them", arguments: [
        ("-2h", "2026-11-21T12:30:00.000Z"), ("90m", "2026-11-21T13:00:00.000Z"), ("1d12h", "2026-11-20T02:30:00.000Z"), ("now", "2026-11-21T14:30:00.000Z"),
        ("today", "2026-11-21T00:00:00.000Z"), ("yesterday", "2026-11-20T00:00:00.000Z"), ("2026-11-19", "2026-11-19T00:00:00.000Z"), ("08:05", "2026-11-21T08:05:00.000Z"),
        ("08:05:09", "2026-11-21T08:05:09.000Z"), ("2026-11-19 08:05", "2026-11-19T08:05:00.000Z"), ("2026-11-19T08:05Z", "2026-11-19T08:05:00.000Z"),
        ("2026-11-19T08:05:01.25Z", "2026-11-19T08:05:01.250Z"), ("2026-11-19T08:05:01+03:00", "2026-11-19T05:05:01.000Z"), (" -1w ", "2026-11-14T14:30:00.000Z"),
    ])
    func moments(text: String, time: String) { #expect(LogMoment.read(text, now: Self.now)?.rfc3339 == time) }

    @Test("what is no moment", arguments: ["", "soon", "-2", "2x", "-", "2026-13-01", "2026-02-30", "25:00", "2026-11-19T08:05:01+99:00", "9999999999d", "h", "2026-11-21Tnonsense"])
    func noMoments(text: String) { #expect(LogMoment.read(text, now: Self.now) == nil) }

    @Test("times of other programs", arguments: [
        ("2026-11-19T08:05:01.5+03:00", "2026-11-19T05:05:01.500Z"), ("2026-11-19 08:05:01,250", "2026-11-19T08:05:01.250Z"), ("2026-11-19T08:05:01.123456789Z", "2026-11-19T08:05:01.123Z"),
        ("2026-11-19T08:05:01-0530", "2026-11-19T13:35:01.000Z"),
    ])
    func times(text: String, time: String) {
        var text = text
        #expect(text.withUTF8 { LogTime.read($0) }?.rfc3339 == time)
    }

    @Test("times that come one behind the other are read as each alone", arguments: UInt64(0)..<20)
    func clock(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var clock = LogClock()
        let odd = Array("0123456789:.-TZz+ ,/;\u{B0}\u{7F}".utf8)
        var time = Timestamp(year: [2026, 1999, 2000, 2099].randomElement(using: &random)!, month: 12, day: 31, hour: 23, minute: 55)
        for _ in 0..<300 {
            time = time + .milliseconds(Int.random(in: -500...40_000, using: &random))
            var text = Array(time.rfc3339.utf8)
            if Int.random(in: 0..<4, using: &random) == 0 { text[Int.random(in: 0..<text.count, using: &random)] = odd.randomElement(using: &random)! }
            if Int.random(in: 0..<20, using: &random) == 0 { text = Array("2026-11-21T08:00:60.000Z".utf8) }
            text.withUnsafeBufferPointer { bytes in
                let value = LogValue(kind: .text, bytes: bytes)
                #expect(clock.read(value) == LogTime.read(value), "\(bytes.text), seed \(seed)")
            }
        }
        #expect(clock.read(nil) == nil)
    }

    @Test("conditions", arguments: [
        ("a=b", "a", LogCondition.Operation.equal, "b"), ("a==b", "a", .equal, "b"), ("a!=b", "a", .unequal, "b"), ("a~b.*", "a", .matches, "b.*"), ("a=~b", "a", .matches, "b"),
        ("a!~b", "a", .doesNotMatch, "b"), ("a<1", "a", .less, "1"), ("a<=1", "a", .lessOrEqual, "1"), ("a>1", "a", .greater, "1"), ("a>=1", "a", .greaterOrEqual, "1"),
        ("a=", "a", .equal, ""), ("a=b=c", "a", .equal, "b=c"), ("a=\"b c\"", "a", .equal, "b c"), ("link=https://x.example/?a=1", "link", .equal, "https://x.example/?a=1"),
        ("a > 1", "a", .greater, "1"), (" a == \"b c\" ", "a", .equal, "\"b c\" "), ("a =\"b c\"", "a", .equal, "b c"), ("a=\">1\"", "a", .equal, ">1"), ("a~<b>", "a", .matches, "<b>"), ("a= b", "a", .equal, " b"),
    ])
    func conditions(text: String, field: String, operation: LogCondition.Operation, value: String) {
        #expect(LogCondition(text) == LogCondition(field: field, operation: operation, text: value))
    }

    @Test("what is no condition", arguments: ["", "a", "=b", "a b=c", "!x", "a!b", "a=>1", "a=<1", "a<>1", "a>>1", "a===1", "a!==1", "a in 1,2", " =b"])
    func noConditions(text: String) { #expect(LogCondition(text) == nil) }

    struct Judged: Sendable, CustomTestStringConvertible {
        var condition: String
        var record: String
        var holds: Bool
        var testDescription: String { "\(condition) on \(record)" }
    }

    static let judged: [Judged] = [
        Judged(condition: "a=7", record: #"{"a":7}"#, holds: true), Judged(condition: "a=7", record: #"{"a":7.0}"#, holds: true), Judged(condition: "a=7", record: #"{"a":"7"}"#, holds: true),
        Judged(condition: "a=7.0", record: #"{"a":"7"}"#, holds: false), Judged(condition: "a=x", record: #"{"a":"x"}"#, holds: true), Judged(condition: "a=x", record: #"{"b":"x"}"#, holds: false),
        Judged(condition: "a=é", record: #"{"a":"\u00e9"}"#, holds: true), Judged(condition: "a=true", record: #"{"a":true}"#, holds: true), Judged(condition: "a=a/b", record: #"{"a":"a\/b"}"#, holds: true),
        Judged(condition: "a!=x", record: #"{"a":"y"}"#, holds: true), Judged(condition: "a!=x", record: #"{"b":1}"#, holds: true), Judged(condition: "a!=x", record: #"{"a":"x"}"#, holds: false),
        Judged(condition: "a=x", record: #"{"a":null}"#, holds: false), Judged(condition: "a!=x", record: #"{"a":null}"#, holds: true), Judged(condition: "a>=500", record: #"{"a":503}"#, holds: true),
        Judged(condition: "a>=500", record: #"{"a":"503"}"#, holds: true), Judged(condition: "a<5", record: #"{"a":40}"#, holds: false), Judged(condition: "a<5", record: #"{"b":4}"#, holds: false),
        Judged(condition: "time>=2026-11-21T08", record: #"{"time":"2026-11-21T09:00:00.000Z"}"#, holds: true), Judged(condition: "a~^SKU-[0-9]+$", record: #"{"a":"SKU-77"}"#, holds: true),
        Judged(condition: "a~time ?out", record: #"{"a":"a timeout came"}"#, holds: true), Judged(condition: "a~x", record: #"{"a":["x"]}"#, holds: true), Judged(condition: "a~^$", record: #"{"a":""}"#, holds: true),
        Judged(condition: "a!~x", record: #"{"b":"x"}"#, holds: true), Judged(condition: "a!~x", record: #"{"a":"x"}"#, holds: false), Judged(condition: "level=error", record: #"{"lvl":"error"}"#, holds: true),
        Judged(condition: #"a="quoted""#, record: #"{"a":"quoted"}"#, holds: true), Judged(condition: #"a~foo""#, record: #"{"a":"foo\""}"#, holds: true), Judged(condition: #"a~"foo"#, record: #"{"a":"\"foo"}"#, holds: true),
        Judged(condition: "a=", record: #"{"a":""}"#, holds: true), Judged(condition: "a=1e400", record: #"{"a":1e400}"#, holds: false), Judged(condition: "a=[1]", record: #"{"a":[1]}"#, holds: false),
        Judged(condition: "a=12-34", record: #"{"a":"12-34"}"#, holds: true),
    ]

    @Test("what a condition says of a line, looked for by its bytes first", arguments: judged)
    func judge(each: Judged) async throws {
        let condition = try #require(LogCondition(each.condition))
        let answer = try await search(Array((each.record + "\n").utf8)) { $0.conditions = [condition] }
        #expect(answer.matched == (each.holds ? 1 : 0))
    }

    @Test("levels of other programs count as ours", arguments: [
        (#"{"level":"ERROR"}"#, Level.error), (#"{"severity":"fatal"}"#, .error), (#"{"level":"warn"}"#, .warning), (#"{"lvl":"CRITICAL"}"#, .error), (#"{"level":"notice"}"#, .info),
    ])
    func levels(record: String, level: Level) async throws {
        for asked in Level.allCases {
            let answer = try await search(Array((record + "\n").utf8)) { $0.level = asked }
            #expect(answer.matched == (level >= asked ? 1 : 0), "asked for \(asked.name)")
        }
    }
}
