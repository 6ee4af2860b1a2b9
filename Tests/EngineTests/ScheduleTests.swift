import Engine
import Events
import Testing

@Suite("The schedule")
struct ScheduleTests {
    static let start = Timestamp(year: 2026, month: 11, day: 21, hour: 8)

    static func at(_ minutes: Double) -> Timestamp { start + .seconds(minutes * 60) }

    /// Every so many minutes of the clock.
    static func every(_ minutes: Int64) -> ScheduleEntry.Times {
        ScheduleEntry.Times(text: "every \(minutes)") { moment in
            let step = minutes * 60_000_000_000
            return Timestamp(nanoseconds: (moment.nanoseconds / step + 1) * step)
        }
    }

    static func hourly(_ pipeline: String = "shop") -> ScheduleEntry {
        ScheduleEntry(pipeline: pipeline, times: every(60), watches: false, lookInterval: .seconds(86_400))
    }

    static let watching = ScheduleEntry(pipeline: "shop", times: nil, watches: true, lookInterval: .seconds(30))

    /// A word of the story that a test tells, in minutes after eight.
    enum Word: Sendable {
        case tick(Double)
        case end(Double, ScheduledEnd = ScheduledEnd())
        case look(Double, Set<String>)
        case told(Double, Int)
        case pause, resume
    }

    struct Story: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var entries = [hourly()]
        var memory = ScheduleMemory()
        let words: [Word]
        /// What it starts, in order; looks are left out.
        let starts: [RunCause]
    }

    static let stories: [Story] = [
        Story(testDescription: "a time starts a run, once", words: [.tick(0), .tick(59.9), .tick(60), .tick(60.1)], starts: [.time(at(60))]),
        Story(testDescription: "nothing known: what was before the first start was not missed", words: [.tick(0.5)], starts: []),
        Story(
            testDescription: "times missed while the process was down are made up once",
            memory: ScheduleMemory(lastStart: at(-300)), words: [.tick(1), .end(2), .tick(3), .tick(60)], starts: [.missed(at(-240)), .time(at(60))]),
        Story(
            testDescription: "a run by hand since then made it up already",
            memory: ScheduleMemory(lastStart: at(-1)), words: [.tick(0.5)], starts: [.time(at(0))]),
        Story(
            testDescription: "a last start in the future (a clock that was wrong) delays nothing",
            memory: ScheduleMemory(lastStart: at(6000)), words: [.tick(0), .tick(60)], starts: [.time(at(60))]),
        Story(
            testDescription: "a long run: the times that pass meanwhile are made up once, after it",
            words: [.tick(60), .tick(120), .tick(180), .end(190), .tick(190), .end(191), .tick(200), .tick(240)],
            starts: [.time(at(60)), .missed(at(120)), .time(at(240))]),
        Story(
            testDescription: "a run that ends on the minute of the next time does not miss it",
            words: [.tick(60), .end(120), .tick(120)], starts: [.time(at(60)), .time(at(120))]),
        Story(
            testDescription: "a pause keeps what is due; the end of the pause makes it up once",
            words: [.pause, .tick(60), .tick(120), .tick(180), .resume, .tick(185), .end(186), .tick(187)], starts: [.missed(at(60))]),
        Story(
            testDescription: "a process that slept makes up once and goes on by the clock",
            words: [.tick(1), .tick(3000.5), .end(3001), .tick(3001), .tick(3060)], starts: [.missed(at(60)), .time(at(3060))]),
        Story(
            testDescription: "an open run is gone on with at once",
            memory: ScheduleMemory(lastStart: at(0.1), hasOpenRun: true), words: [.tick(0.5), .end(0.6), .tick(60)],
            starts: [.unfinished, .time(at(60))]),
        Story(
            testDescription: "an unfinished run is tried again after 1, 2, 4 minutes, and the schedule counts as a try",
            words: [
                .tick(60), .end(61, .init(isUnfinished: true)), .tick(61.9), .tick(62), .end(63, .init(isUnfinished: true)), .tick(64.9), .tick(65),
                .end(66, .init(isUnfinished: true)), .tick(69.9), .tick(70), .end(71), .tick(119), .tick(120),
            ], starts: [.time(at(60)), .unfinished, .unfinished, .unfinished, .time(at(120))]),
        Story(
            testDescription: "verdicts that are to come are asked for half an hour later",
            words: [.tick(60), .end(61, .init(hasOpenVerdicts: true)), .tick(90), .tick(91), .end(92), .tick(119)], starts: [.time(at(60)), .unfinished]),
        Story(
            testDescription: "a clock set back by an hour repeats no time",
            words: [.tick(60), .end(61), .tick(1), .tick(60), .tick(61), .tick(120)], starts: [.time(at(60)), .time(at(120))]),
        Story(
            testDescription: "a clock that was years ahead is not waited for",
            words: [.tick(5_000_000), .end(5_000_001), .tick(1), .tick(60)], starts: [.missed(at(60)), .time(at(60))]),

        Story(
            testDescription: "a file starts a run once it was the same in two looks",
            entries: [watching], words: [.tick(0), .look(0, []), .tick(0.5), .look(0.5, ["a@1"]), .tick(1), .look(1, ["a@2"]), .tick(1.5), .look(1.5, ["a@2"]), .tick(1.5)],
            starts: [.files(1)]),
        Story(
            testDescription: "files that were there before the process are taken too",
            entries: [watching], words: [.tick(0), .look(0, ["a@1", "b@1"]), .tick(0.5), .look(0.5, ["a@1", "b@1"]), .tick(0.5)], starts: [.files(2)]),
        Story(
            testDescription: "files that a run has judged and left start no other run, a new one does",
            entries: [watching],
            words: [
                .look(0, ["a@1"]), .look(0.5, ["a@1"]), .tick(0.5), .end(1), .look(1, ["a@1"]), .look(1.5, ["a@1"]), .tick(1.5),
                .look(2, ["a@1", "b@1"]), .tick(2), .look(2.5, ["a@1", "b@1"]), .tick(2.5),
            ], starts: [.files(1), .files(1)]),
        Story(
            testDescription: "a file that arrives during a run starts the next one",
            entries: [watching],
            words: [.look(0, ["a@1"]), .look(0.5, ["a@1"]), .tick(0.5), .look(1, ["a@1", "b@1"]), .end(1.2, .init(tookFiles: true)), .look(1.3, ["b@1"]), .tick(1.3)],
            starts: [.files(1), .files(1)]),
        Story(
            testDescription: "what was beyond the most files of a run is taken by the next one",
            entries: [watching],
            words: [
                .look(0, ["a@1", "b@1"]), .look(0.5, ["a@1", "b@1"]), .tick(0.5), .look(0.9, ["a@1", "b@1"]), .end(1, .init(tookFiles: true)), .look(1, ["b@1"]), .tick(1),
            ],
            starts: [.files(2), .files(1)]),
        Story(
            testDescription: "an unfinished run of a pipeline without a schedule is tried again all the same",
            entries: [watching], words: [.look(0, ["a@1"]), .look(0.5, ["a@1"]), .tick(0.5), .end(1, .init(isUnfinished: true)), .look(1, ["a@1"]), .tick(1.9), .tick(2)],
            starts: [.files(1), .unfinished]),
        Story(
            testDescription: "who is told of files starts at once, without looking twice, and once for many messages",
            entries: [watching], words: [.tick(0), .told(0.1, 3), .told(0.1, 1), .tick(0.1), .end(1), .tick(1)], starts: [.told(3)]),
        Story(
            testDescription: "what is told during a run starts another one after it",
            entries: [watching], words: [.told(0, 1), .tick(0), .told(0.5, 2), .tick(0.5), .end(1, .init(tookFiles: true)), .tick(1)], starts: [.told(1), .told(2)]),
        Story(
            testDescription: "what is told during a pause waits for its end",
            entries: [watching], words: [.pause, .told(0, 1), .tick(0), .tick(5), .resume, .tick(6)], starts: [.told(1)]),
        Story(
            testDescription: "a look that began before a run had taken the file starts no other run",
            entries: [watching],
            words: [
                .look(0, ["a@1"]), .look(0.5, ["a@1"]), .tick(0.5), .tick(1), .end(1.1, .init(tookFiles: true)), .look(1.2, ["a@1"]), .tick(1.2), .look(1.3, []), .tick(2),
            ],
            starts: [.files(1)]),
        Story(
            testDescription: "files are looked at, and start nothing, where nobody watches",
            words: [.look(0, ["a@1"]), .look(0.5, ["a@1"]), .tick(0.5)], starts: []),
    ]

    @Test("tells", arguments: stories)
    func tells(story: Story) {
        var schedule = Schedule(story.entries, memory: ["shop": story.memory], now: Self.at(0.25))
        var isPaused = false
        var starts: [RunCause] = []
        for word in story.words {
            switch word {
            case .tick(let minutes):
                for case .start(_, let cause) in schedule.actions(now: Self.at(minutes), paused: isPaused ? ["shop"] : []) { starts.append(cause) }
            case .end(let minutes, let end): schedule.ended("shop", end, now: Self.at(minutes))
            case .look(let minutes, let files): schedule.looked("shop", files: files, now: Self.at(minutes))
            case .told(let minutes, let messages): schedule.told("shop", messages: messages, now: Self.at(minutes))
            case .pause: isPaused = true
            case .resume: isPaused = false
            }
        }
        #expect(starts == story.starts)
    }

    @Test("one pipeline never overlaps itself, and all of them together stay within the bound")
    func bound() {
        let entries = (1...9).map { Self.hourly("shop-\($0)") }
        var schedule = Schedule(entries, now: Self.start)
        var running: [String] = []
        var begun: [String] = []
        for minute in stride(from: 60.0, to: 300, by: 7) {
            for case .start(let name, _) in schedule.actions(now: Self.at(minute)) {
                #expect(!running.contains(name))
                running.append(name)
                begun.append(name)
            }
            #expect(running.count <= Schedule.mostAtOnce)
            #expect(schedule.running == Set(running))
            if !running.isEmpty { schedule.ended(running.removeFirst(), ScheduledEnd(), now: Self.at(minute + 1)) }
        }
        #expect(Set(begun).count == 9, "the longest waiting comes first, so nobody starves")
    }

    @Test("looks come at their interval, one at a time, and at once after a run")
    func looks() {
        var schedule = Schedule([Self.watching], now: Self.start)
        func look(_ minutes: Double) -> Bool { schedule.actions(now: Self.at(minutes)).contains(.look("shop")) }
        #expect(look(0))
        #expect(!look(5), "the first one has not come back")
        schedule.looked("shop", files: ["a@1"], now: Self.at(5))
        #expect(schedule.nextMoment == Self.at(5.5))
        #expect(!look(5.4))
        #expect(look(5.5))
        schedule.lookFailed("shop", now: Self.at(5.5))
        #expect(look(6))
        schedule.looked("shop", files: ["a@1"], now: Self.at(6))
        #expect(schedule.actions(now: Self.at(6)) == [.start("shop", .files(1))])
        schedule.ended("shop", ScheduledEnd(tookFiles: true), now: Self.at(6.1))
        #expect(look(6.1))
    }

    @Test("a clock set back does not stop the looks")
    func looksAfterClock() {
        var schedule = Schedule([Self.watching], now: Self.at(100))
        _ = schedule.actions(now: Self.at(100))
        schedule.looked("shop", files: [], now: Self.at(100))
        #expect(schedule.actions(now: Self.at(40)) == [])
        #expect(schedule.actions(now: Self.at(40.5)) == [.look("shop")])
    }

    @Test("a reload keeps what is due, running and judged; a new schedule has missed nothing; what is gone ends in peace")
    func reload() {
        var schedule = Schedule([Self.hourly("a"), Self.hourly("b"), Self.hourly("c")], now: Self.start)
        #expect(schedule.actions(now: Self.at(60)).filter { if case .start = $0 { true } else { false } }.count == 3)
        schedule.ended("c", ScheduledEnd(), now: Self.at(61))
        let changed = ScheduleEntry(pipeline: "b", times: Self.every(15), watches: false, lookInterval: .seconds(86_400))
        schedule.reload([changed, Self.hourly("c"), Self.hourly("d")], now: Self.at(62))
        #expect(schedule.running == ["a", "b"])
        #expect(schedule.nextTime(of: "b") == Self.at(75))
        #expect(schedule.nextTime(of: "c") == Self.at(120))
        #expect(schedule.nextTime(of: "d") == Self.at(120))
        schedule.ended("a", ScheduledEnd(isUnfinished: true), now: Self.at(63))
        schedule.ended("b", ScheduledEnd(), now: Self.at(63))
        #expect(schedule.running == [])
        let starts = [75.0, 120].flatMap { schedule.actions(now: Self.at($0)) }.compactMap { if case .start(let name, _) = $0 { name } else { nil } }
        #expect(starts == ["b", "c", "d"], "b still runs at 120, a is gone")
        schedule.reload([], now: Self.at(121))
        schedule.reload([changed], now: Self.at(122))
        for pipeline in ["c", "d", "b"] { schedule.ended(pipeline, ScheduledEnd(), now: Self.at(123)) }
        #expect(schedule.running == [])
        #expect(schedule.nextTime(of: "b") == Self.at(135), "taken away and put back while it ran")
        #expect(schedule.nextTime(of: "c") == nil)
    }
}
