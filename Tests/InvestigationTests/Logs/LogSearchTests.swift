import Events
import Foundation
import Gzip
import Testing

@testable import Investigation

@Suite("Searching logs")
struct LogSearchTests {
    @Test("lines are told oldest first, the newest of them, and all are counted")
    func newest() async throws {
        let first = lines((0..<50).map { line($0 * 2) }), second = lines((0..<50).map { line($0 * 2 + 1) })
        var query = LogQuery()
        query.limit = 7
        let answer = try await LogSearch(query, in: [.memory(name: "a", first), .memory(name: "b", second)], workers: 3).run()
        #expect(answer.matched == 100 && answer.isCut && answer.numbers == Array(93...99))
    }

    @Test("plain, packed, packed in pieces, cut short and foreign files are read; what is wrong is told and nothing else is lost")
    func kinds() async throws {
        let good = lines((0..<100).map { line($0) })
        let pieces = try gzip(Array(good.prefix(3000))) + gzip(Array(good.dropFirst(3000)))
        let packed = try gzip(good)
        var random = SeededRandom(seed: 3)
        let long = try gzip(lines((0..<5_000).map { line($0, run: "run-\(random.next())") }))
        let torn = Array(long.prefix(long.count * 2 / 3))
        let foreign = Array("not JSON\n\n  \n[1,2]\n{\"level\":\"error\",\"message\":\"theirs\"}\r\n{\"time\":\"2026-11-21T08:0".utf8)
        try await withFiles([
            "a.ndjson": good, "b.ndjson.gz": packed, "c.ndjson.gz": pieces, "d.ndjson.gz": torn, "e.log": foreign, "f.log": [], "g.gz": Array("plain".utf8),
        ]) { folder in
            let names = ["a.ndjson", "b.ndjson.gz", "c.ndjson.gz", "d.ndjson.gz", "e.log", "f.log", "g.gz", "missing"]
            var query = LogQuery()
            query.limit = 10_000
            let answer = try await LogSearch(query, in: names.map { .file("\(folder)/\($0)") }, workers: 2).run()
            #expect(answer.lines.filter { $0.file < 3 }.count == 300)
            #expect((1..<5_000).contains(answer.lines.filter { $0.file == 3 }.count), "what could be unpacked is there")
            #expect(answer.lines.filter { $0.file == 4 }.count == 1)
            #expect(answer.unreadable >= 4)
            #expect(answer.problems.map { $0.file.split(separator: "/").last ?? "" } == ["d.ndjson.gz", "missing"])
            #expect(answer.files.map(\.name).count == names.count && answer.unopened == 1)
        }
    }

    @Test("a folder gives its logs, and a log what was put aside, oldest first")
    func names() async throws {
        let names = [
            "v.ndjson", "v.20261121T075500Z.ndjson.gz", "v.20261121T075500Z-2.ndjson", "v.20261120T000000Z.ndjson.gz", "v.ndjson.1", "v.ndjson.2.gz", "v.other.ndjson", "w.ndjson", "v.txt",
            "v.20261121T075500Z.ndjson.gz.draft",
        ]
        try await withFiles(Dictionary(uniqueKeysWithValues: names.map { ($0, []) })) { folder in
            let all = LogFiles(path: folder + "/v.ndjson").all.map { String($0.dropFirst(folder.count + 1)) }
            #expect(all == ["v.ndjson.2.gz", "v.ndjson.1", "v.20261120T000000Z.ndjson.gz", "v.20261121T075500Z.ndjson.gz", "v.20261121T075500Z-2.ndjson", "v.ndjson"])
            #expect(LogFiles.logs(in: folder).count == 6)
        }
    }

    @Test("of a long file only the part of the time asked for is read, and disorder loses nothing")
    func window() async throws {
        // Thirty hours, written by two processes of which one is up to five minutes behind.
        var random = SeededRandom(seed: 5)
        let seconds = (0..<108_000).map { $0 % 3 == 0 ? max(0, $0 - Int.random(in: 0...300, using: &random)) : $0 }
        let bytes = lines(seconds.map { line($0, "info", "handle.polled", run: "run-\($0 / 3600)", #""handle":"AcxEXAMPLEhandle01AcxEXAMPLEhandle01AcxEXAMPLEhandle01""#) })
        try await withFiles(["v.ndjson": bytes]) { folder in
            for (since, until) in [(36_000, 36_600), (0, 10), (107_900, 200_000), (50_000, nil), (nil, 3_000)] as [(Int?, Int?)] {
                var query = LogQuery()
                query.since = since.map { moment($0) }
                query.until = until.map { moment($0) }
                query.limit = 0
                let answer = try await LogSearch(query, in: [.file(folder + "/v.ndjson")], workers: 2).run()
                #expect(answer.matched == seconds.count { $0 >= since ?? 0 && $0 < until ?? .max }, "\(String(describing: since))")
                #expect(answer.files[0].searchedBytes < bytes.count * 2 / 3)
            }
            // Two files put together are in no order: all is read.
            var query = LogQuery()
            query.since = moment(100_000)
            let swapped = Array(bytes[(bytes.count / 2)...]) + Array(bytes[..<(bytes.count / 2)])
            try Data(swapped).write(to: URL(filePath: folder + "/cat.ndjson"))
            let answer = try await LogSearch(query, in: [.file(folder + "/cat.ndjson")], workers: 2).run()
            #expect(answer.files[0].searchedBytes == swapped.count)
            // A short old file behind a long one, and one in the middle of it just behind the time asked for.
            query.since = moment(36_000)
            query.until = moment(36_600)
            let short = lines((36_100..<36_200).map { line($0) })
            let middle = try #require(seconds.firstIndex { $0 >= 37_800 })
            let place = lines(seconds[..<middle].map { line($0, "info", "handle.polled", run: "run-\($0 / 3600)", #""handle":"AcxEXAMPLEhandle01AcxEXAMPLEhandle01AcxEXAMPLEhandle01""#) }).count
            for bytes in [bytes + short, Array(bytes[..<place]) + short + Array(bytes[place...])] {
                try Data(bytes).write(to: URL(filePath: folder + "/behind.ndjson"))
                let answer = try await LogSearch(query, in: [.file(folder + "/behind.ndjson")], workers: 2).run()
                #expect(answer.matched == 100 + seconds.count { (36_000..<36_600).contains($0) })
            }
        }
    }

    @Test("a stretch without times hides no line, wherever the time asked for begins or ends", arguments: [100, 9_900, 10_000, 10_100, 19_900])
    func blindStretch(second: Int) async throws {
        let blind = Array(repeating: "a line of no time, one of very many", count: 40_000)
        let all = (0..<10_000).map { line($0, "info", "handle.polled") } + blind + (10_000..<20_000).map { line($0, "info", "handle.polled") }
        for isSince in [true, false] {
            let answer = try await search(lines(all)) {
                if isSince { $0.since = moment(second) } else { $0.until = moment(second) }
                $0.limit = 0
            }
            #expect(answer.matched == (isSince ? 20_000 - second : second))
        }
    }

    @Test("files put aside before the time asked for are not opened, packed ones that begin after it neither")
    func skipped() async throws {
        let hour = try gzip(lines((0..<60).map { line($0 * 60) }))
        try await withFiles(["v.20261121T090000Z.ndjson.gz": hour, "v.20261121T120000Z.ndjson.gz": try gzip(lines((0..<60).map { line(7_200 + $0 * 60) }))]) { folder in
            func searched(_ since: Int?, _ until: Int?) async throws -> [Bool] {
                var query = LogQuery()
                query.since = since.map { moment($0) }
                query.until = until.map { moment($0) }
                return try await LogSearch(query, in: LogFiles(path: folder + "/v.ndjson").all.map { .file($0) }, workers: 1).run().files.map { $0.searchedBytes > 0 }
            }
            let (late, early, close) = (try await searched(7_000, nil), try await searched(nil, 1_000), try await searched(3_700, nil))
            #expect(late == [false, true])
            #expect(early == [true, false])
            #expect(close == [true, true], "fifteen minutes of disorder are allowed for")
        }
    }

    @Test("context: lines around, in plain and packed files, never beyond the file", arguments: [false, true], [1, 3])
    func context(isPacked: Bool, count: Int) async throws {
        var all = (0..<20).map { line($0) }
        all[10] = "garbage"
        let bytes = lines(all)
        let answer = try await search(isPacked ? try gzip(bytes) : bytes) {
            $0.conditions = [.init(field: "seq", operation: .matches, text: "^(0|1|11|19)$")]
            $0.context = count
        }
        #expect(answer.numbers == [0, 1, 11, 19])
        for found in answer.lines {
            let number = LogRecord(found.bytes)["seq"].flatMap { Int($0) } ?? -1
            #expect(found.before.map { String(decoding: $0, as: UTF8.self) } == Array(all[max(0, number - count)..<number]))
            #expect(found.after.map { String(decoding: $0, as: UTF8.self) } == Array(all[(number + 1)..<max(number + 1, min(20, number + 1 + count))]))
        }
    }

    @Test("more context than is held at once: as much as fits, and a word about it", arguments: [false, true])
    func heldContext(isPacked: Bool) async throws {
        let bytes = lines((0..<200).map { line($0) })
        var query = LogQuery()
        query.context = 10
        var search = LogSearch(query, in: [.memory(name: "m", isPacked ? try gzip(bytes) : bytes)], workers: 1)
        search.mostHeld = 20_000
        let answer = try await search.run()
        let held = answer.lines.reduce(0) { $0 + ($1.before + $1.after).reduce(0) { $0 + $1.count } }
        #expect(answer.lines.count == 200 && (10_000..<25_000).contains(held), "\(held)")
        #expect(answer.problems.count == 1 && answer.problems[0].problem.contains("smaller --context"))
    }

    @Test("groups: by fields, by spans of time, the most frequent ones, the rest summed up")
    func groups() async throws {
        let bytes = lines((0..<600).map { line($0, $0 % 10 == 0 ? "error" : "info", "e.\($0 % 4)", $0 % 2 == 0 ? #""api":"x""# : "") })
        let byEvent = try await search(bytes) { $0.grouping = LogGrouping(fields: ["event", "api"], top: 3) }
        #expect(byEvent.groups.map(\.values) == [["e.0", "x"], ["e.1", nil], ["e.2", "x"]] && byEvent.groups.allSatisfy { $0.count == 150 })
        #expect(byEvent.otherGroups == .init(groups: 1, lines: 150) && byEvent.isCut && byEvent.lines.isEmpty)
        #expect(byEvent.groups[0].first == moment(0) && byEvent.groups[0].last == moment(596))
        let bySpan = try await search(bytes) {
            $0.grouping = LogGrouping(fields: ["level"], bucket: .seconds(300))
            $0.level = .error
        }
        #expect(bySpan.groups.map(\.bucket) == [moment(0), moment(300)] && bySpan.groups.map(\.count) == [30, 30])
    }

    @Test("a condition on the level goes by how bad it is", arguments: [
        ("level>=warning", [1, 2, 4]), ("level>warning", [1]), ("level<warning", [0, 3]), ("level<=debug", [3]), ("level>zebra", []),
    ])
    func levels(condition: String, numbers: [Int]) async throws {
        let bytes = lines([line(0, "info"), line(1, "error"), line(2, "warning"), line(3, "debug"), #"{"severity":"WARN","seq":4}"#])
        let answer = try await search(bytes) { $0.conditions = [LogCondition(condition)!] }
        #expect(answer.numbers.sorted() == numbers)
    }

    @Test("lines of any date have their span of time", arguments: [Timestamp.distantPast, .distantFuture, Timestamp(year: 1, month: 1, day: 1), Timestamp(year: 1969, month: 12, day: 31)])
    func spans(time: Timestamp) throws {
        for bucket in [Duration.nanoseconds(1), .seconds(3600), .seconds(3650 * 86_400)] {
            let key = LogGroupKey(bucket: bucket)
            key.begin(at: time)
            let begin = try #require(LogGroupKey.read(Array(key.whole)[...], hasBucket: true).bucket)
            #expect((begin <= time && time - begin < bucket || begin == .distantPast + .nanoseconds(1)) && !begin.rfc3339.isEmpty)
        }
    }

    @Test("a line dated year 1 is counted in a span of its own, beside a line without a time")
    func yearOne() async throws {
        let answer = try await search(Array("{\"time\":\"0001-01-01T00:00:00Z\",\"msg\":\"m\"}\n{\"msg\":\"n\"}\n".utf8)) { $0.grouping = LogGrouping(fields: [], bucket: .seconds(60)) }
        #expect(answer.groups.count == 2 && answer.groups.count { $0.bucket == nil } == 1)
    }

    @Test("more groups than are kept: memory is bounded, frequent ones stay, and what may be missing is told")
    func bounded() async throws {
        var groups = LogGroups(most: 100)
        func add(_ text: String) { LogField.padded(Array(text.utf8)) { groups.add($0, first: nil, last: nil) } }
        for number in 0..<10_000 {
            add("rare \(number)")
            add("often")
        }
        #expect(groups.entries.count <= 100 && groups.entries.contains { $0.count == 10_000 && groups.key(of: $0).elementsEqual("often".utf8) })
        #expect(groups.entries.reduce(0) { $0 + $1.count } + groups.letGo == 20_000)
        #expect(groups.mostMissing > 0)
    }

    @Test("a byte order mark in front of a file is no part of its first line")
    func mark() async throws {
        let answer = try await search([0xEF, 0xBB, 0xBF] + lines([line(0), line(1)])) { _ in }
        #expect(answer.numbers == [0, 1] && answer.unreadable == 0)
    }

    @Test("a line that is too long is passed over and counted, and the next one is found")
    func overlong() async throws {
        let bytes = lines([line(0), #"{"a":""# + String(repeating: "x", count: 90_000) + "\"}", line(1)])
        var search = LogSearch(LogQuery(), in: [.memory(name: "m", bytes)], workers: 1)
        (search.blockSize, search.longestLine) = (1_000, 20_000)
        let answer = try await search.run()
        #expect(answer.numbers == [0, 1] && answer.unreadable == 1)
    }
}

/// The search against a twin that reads line by line with Foundation.
@Suite("Searching logs, by chance")
struct LogSearchTwinTests {
    private static let events = ["item.refused", "row.rejected", "batch.sent", "run.ended"], levels = ["debug", "info", "warning", "error"]

    @Test("finds what a plain reader finds, whatever the borders of blocks and pieces", arguments: UInt64(0)..<40)
    func twin(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        var second = 0
        let all = (0..<Int.random(in: 0...400, using: &random)).map { number -> String in
            second += Int.random(in: 0...40, using: &random)
            if Int.random(in: 0..<20, using: &random) == 0 { return ["", "garbage \"item.refused\"", "{\"x\":", "[]"].randomElement(using: &random)! }
            let more = [#""product_id":"SKU-\#(Int.random(in: 0...9, using: &random))""#, #""row":\#(Int.random(in: 0...99, using: &random))"#, #""value":"\u0645/\" é""#, ""].randomElement(using: &random)!
            return line(second - Int.random(in: 0...3, using: &random), Self.levels.randomElement(using: &random)!, Self.events.randomElement(using: &random)!, run: "run-\(second / 1000)", more)
        }
        var query = LogQuery()
        if Bool.random(using: &random) { query.since = moment(Int.random(in: 0...max(1, second), using: &random)) }
        if Bool.random(using: &random) { query.level = Level.allCases.randomElement(using: &random) }
        if Bool.random(using: &random) { query.events = [["item.refused"], ["row.rejected", "batch.*"], ["run.*"]].randomElement(using: &random)! }
        if Int.random(in: 0..<4, using: &random) == 0 { query.runs = ["run-1", "run-3"] }
        if Bool.random(using: &random) {
            query.conditions = [["product_id=SKU-3"], ["row<50"], ["row!=7"], ["value~é"], ["product_id~^SKU-[0-4]", "level!=info"]].randomElement(using: &random)!.compactMap { LogCondition($0) }
        }
        query.limit = [0, 3, 1000].randomElement(using: &random)!
        let bytes = Array(all.joined(separator: "\n").utf8)
        let isPacked = seed % 3 == 0
        var search = LogSearch(query, in: [.memory(name: "m", isPacked ? try gzip(bytes) : bytes)], workers: 2)
        (search.blockSize, search.pieceSize) = (Int.random(in: 50...2_000, using: &random), Int.random(in: 10...5_000, using: &random))
        let answer = try await search.run()
        let wanted = Self.matching(all, query)
        #expect(answer.matched == wanted.count, "seed \(seed)")
        #expect(Set(answer.lines.map(\.offset)).count == min(wanted.count, query.limit), "seed \(seed)")
        #expect(Set(answer.lines.map { String(decoding: $0.bytes, as: UTF8.self) }).isSubset(of: Set(wanted)), "seed \(seed)")
    }

    private static func matching(_ all: [String], _ query: LogQuery) -> [String] {
        all.filter { text in
            guard let record = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else { return false }
            func word(_ name: String) -> String? { (record[name] as? String) ?? (record[name] as? NSNumber)?.stringValue }
            if let since = query.since { guard let time = word("time").flatMap({ Timestamp(rfc3339: $0) }), time >= since else { return false } }
            if let least = query.level { guard let level = word("level").flatMap({ Level(name: $0) }), level >= least else { return false } }
            if !query.runs.isEmpty, !query.runs.contains(word("run_id") ?? "") { return false }
            let isNamed = query.events.isEmpty || query.events.contains { $0.hasSuffix("*") ? word("event")?.hasPrefix($0.dropLast()) == true : word("event") == $0 }
            return isNamed && query.conditions.allSatisfy { condition in
                let value = word(condition.field)
                switch condition.operation {
                case .equal: return value == condition.text
                case .unequal: return value != condition.text
                case .less: return value.flatMap { Int($0) }.map { $0 < Int(condition.text)! } ?? false
                case .matches: return value?.range(of: condition.text, options: .regularExpression) != nil
                default: return false
                }
            }
        }
    }
}

@Suite("Following logs")
struct LogFollowerTests {
    @Test("a line of which only half was there at first is told once it is whole; one that only wanted its line end is not told again")
    func half() async throws {
        let (known, coming) = (lines([line(0)]), line(1, "error"))
        for (there, told) in [(20, [1, 2]), (coming.utf8.count, [2]), (0, [1, 2])] {
            let begun = known + Array(coming.utf8.prefix(there))
            try await withFiles(["v.ndjson": begun]) { folder in
                let follower = LogFollower(LogQuery(), files: [(folder + "/v.ndjson", begun.count)])
                #expect(follower.next() == [])
                // In place, so that it is the same file.
                let handle = try FileHandle(forWritingTo: URL(filePath: folder + "/v.ndjson"))
                try handle.write(contentsOf: Data(known + lines([coming, line(2)])))
                try handle.close()
                #expect(follower.next().compactMap { LogRecord($0)["seq"].flatMap { Int($0) } } == told)
            }
        }
    }

    @Test("tells what comes, across a turnover, a cut and a new file, and no line twice or by halves")
    func follow() async throws {
        try await withFiles(["v.ndjson": lines([line(0)])]) { folder in
            let path = folder + "/v.ndjson"
            func append(_ text: String) throws {
                let handle = try FileHandle(forWritingTo: URL(filePath: path))
                try handle.seekToEnd()
                try handle.write(contentsOf: Data(text.utf8))
                try handle.close()
            }
            var query = LogQuery()
            query.level = .error
            let known = lines([line(0)]).count
            let follower = LogFollower(query, files: [(path, known), (folder + "/later.ndjson", nil)])
            func next() -> [Int] { follower.next().compactMap { LogRecord($0)["seq"].flatMap { Int($0) } } }
            #expect(next() == [])
            let half = line(1, "error")
            try append(half.prefix(20) + "")
            #expect(next() == [])
            try append(half.dropFirst(20) + "\n" + line(2) + "\nrubbish\n")
            #expect(next() == [1])
            try append(line(3, "error") + "\n")
            try FileManager.default.moveItem(atPath: path, toPath: folder + "/v.1.ndjson")
            try Data(lines([line(4, "error")])).write(to: URL(filePath: path))
            #expect(next() == [3, 4])
            try Data(lines([line(5, "error")]).prefix(0)).write(to: URL(filePath: path))
            _ = next()
            try Data(lines([line(6, "error")])).write(to: URL(filePath: folder + "/later.ndjson"))
            #expect(next() == [6] && next() == [])
        }
    }
}
