import Events
import Foundation
import Synchronization
@testable import Telemetry
import Testing

@Suite("A log file that is put aside")
struct FileRotationTests {
    /// A folder, a clock, and sinks on one path.
    private final class Bench: Sendable {
        let folder: String
        private let time = Mutex(noon)
        var path: String { folder + "/vitrine.ndjson" }

        init() throws {
            folder = NSTemporaryDirectory() + "/vitrine-rotation-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func sink(size: Int = 1 << 30, age: Duration? = nil, keep: Duration = .seconds(86_400), packs: Bool = false) throws -> FileLineSink {
                        return try FileLineSink(path: path, turnover: .init(size: size, age: age, keep: keep, clock: { self.time.withLock { $0 } }, pack: packs ? Self.bracketed : nil))
        }

        private static let bracketed: @Sendable ([UInt8]) -> [UInt8]? = { Array("[".utf8) + $0 + Array("]".utf8) }

        func wait(_ seconds: Int) { time.withLock { $0 = $0 + .seconds(seconds) } }

        func write(_ text: String, to sink: FileLineSink) -> Bool {
            Array(text.utf8).withUnsafeBytes { sink.write($0.bytes, in: EventScope()) } && sink.flush() == 0
        }

        func put(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: URL(filePath: folder + "/" + name)) }
        var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } }
        func text(_ name: String) -> String? { FileManager.default.contents(atPath: folder + "/" + name).map { String(decoding: $0, as: UTF8.self) } }
    }

    @Test("goes at its size, and what was put aside too long ago is deleted, and nothing else")
    func size() throws {
        let bench = try Bench()
        let sink = try bench.sink(size: 5, keep: .seconds(60))
        for (line, wait) in [("one\n", 10), ("two\n", 10), ("three\n", 100), ("four\n", 0)] {
            #expect(bench.write(line, to: sink))
            bench.wait(wait)
        }
        try bench.put("vitrine.notes.ndjson", "kept")
        try bench.put("vitrine.20201121T075500Z.csv", "kept")
        #expect(sink.close() == 0)
        #expect(try bench.sink(keep: .seconds(60)).close() == 0)
        #expect(try bench.names == ["vitrine.20201121T075500Z.csv", "vitrine.20261121T075700Z.ndjson", "vitrine.ndjson", "vitrine.notes.ndjson"])
        #expect(bench.text("vitrine.20261121T075700Z.ndjson") == "three\n")
        #expect(bench.text("vitrine.ndjson") == "four\n")
    }

    @Test("goes at its age, by the time of its first line, also when another process began it")
    func age() throws {
        let bench = try Bench()
        let line = { (number: Int) in #"{"time":"2026-11-21T07:55:00.000Z","seq":\#(number)}"# + "\n" }
        #expect(bench.write(line(1), to: try bench.sink(age: .seconds(3600))))
        bench.wait(3599)
        let sink = try bench.sink(age: .seconds(3600))
        #expect(bench.write(line(2), to: sink))
        #expect(try bench.names.count == 1, "it is not too old")
        bench.wait(2)
        #expect(bench.write(line(3), to: sink))
        _ = sink.close()
        #expect(bench.text("vitrine.ndjson") == line(3))
        #expect(try bench.names.count == 2)
    }

    @Test("two of one second have names of their own")
    func sameSecond() throws {
        let bench = try Bench()
        let sink = try bench.sink(size: 1)
        for number in 1...3 { #expect(bench.write("\(number)\n", to: sink)) }
        _ = sink.close()
        #expect(try bench.names == ["vitrine.20261121T075500Z-2.ndjson", "vitrine.20261121T075500Z.ndjson", "vitrine.ndjson"])
    }

    @Test("is packed aside, whole, and the plain one goes")
    func packed() throws {
        let bench = try Bench()
        let sink = try bench.sink(size: 1, packs: true)
        #expect(bench.write("one\n", to: sink) && bench.write("two\n", to: sink))
        _ = sink.close()
        #expect(try bench.names == ["vitrine.20261121T075500Z.ndjson.gz", "vitrine.ndjson"])
        #expect(bench.text("vitrine.20261121T075500Z.ndjson.gz") == "[one\n]")
    }

    /// What a crash can leave at each of its moments.
    static let leftovers: [[String: String]] = [
        ["vitrine.20261121T070000Z.ndjson": "x\n"],
        ["vitrine.20261121T070000Z.ndjson": "x\n", "vitrine.20261121T070000Z.ndjson.gz.draft": "[x"],
        ["vitrine.20261121T070000Z.ndjson": "x\n", "vitrine.20261121T070000Z.ndjson.gz": "[x\n]"],
        ["vitrine.20261121T070000Z.ndjson.gz": "[x\n]", "vitrine.20261121T070000Z.ndjson.gz.draft": ""],
        ["vitrine.20261121T070000Z.ndjson.gz": "[x\n]"],
    ]

    @Test("survives a crash at any moment: the next process finishes it", arguments: leftovers)
    func crash(files: [String: String]) throws {
        let bench = try Bench()
        for (name, text) in files { try bench.put(name, text) }
        _ = try bench.sink(packs: true).close()
        #expect(try bench.names == ["vitrine.20261121T070000Z.ndjson.gz", "vitrine.ndjson"])
        #expect(bench.text("vitrine.20261121T070000Z.ndjson.gz") == "[x\n]")
    }

    @Test("loses no line and doubles none, however many write to it and turn it over at once", arguments: [false, true])
    func concurrent(packs: Bool) async throws {
        let bench = try Bench()
        // Each sink has a descriptor of its own, as a process has: flock(2) keeps them apart alike.
        let writers = 4
        let lines = 300
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                let sink = try bench.sink(size: 400, packs: packs)
                group.addTask {
                    for line in 0..<lines { #expect(bench.write("\(writer)-\(line)\n", to: sink)) }
                    #expect(sink.close() == 0)
                }
            }
            try await group.waitForAll()
        }
        let texts = try bench.names.map { try #require(bench.text($0)).filter { $0 != "[" && $0 != "]" } }
        let found = texts.joined().split(separator: "\n").map(String.init)
        #expect(found.count == writers * lines && Set(found).count == writers * lines)
        #expect(try bench.names.count > 3)
        let longest = 6
        #expect(texts.allSatisfy { $0.utf8.count <= 400 + writers * longest }, "each is within its size, but for a chunk of each writer")
    }

    @Test("is opened anew when asked to, so that logrotate gets its file")
    func reopened() throws {
        let bench = try Bench()
        let sink = try bench.sink()
        #expect(bench.write("one\n", to: sink))
        try FileManager.default.moveItem(atPath: bench.path, toPath: bench.path + ".1")
        sink.reopen()
        #expect(bench.write("two\n", to: sink))
        #expect(bench.text("vitrine.ndjson") == "two\n" && bench.text("vitrine.ndjson.1") == "one\n")
    }
}
