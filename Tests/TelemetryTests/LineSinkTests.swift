import Events
import Foundation
@testable import Telemetry
import Testing

@Suite struct LineSinkTests {
    private static func folder() throws -> String {
        let path = NSTemporaryDirectory() + "/vitrine-telemetry-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private static func write(_ text: String, to sink: some LineSink, runID: String? = nil) -> Bool {
        Array(text.utf8).withUnsafeBytes { sink.write($0.bytes, in: EventScope(runID: runID)) }
    }

    private static func text(_ path: String) -> String? { FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } }

    @Test("a file is made with its folders, appended to, and written when flushed")
    func file() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/a/b/vitrine.ndjson"
        for _ in 0..<2 {
            let sink = try FileLineSink(path: path)
            #expect(Self.write("one\n", to: sink))
            #expect(sink.flush() == 0)
        }
        #expect(Self.text(path) == "one\none\n")
    }

    @Test("a file that was moved away is made anew")
    func movedAway() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/vitrine.ndjson"
        let sink = try FileLineSink(path: path)
        _ = Self.write("one\n", to: sink)
        _ = sink.flush()
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        _ = Self.write("two\n", to: sink)
        #expect(sink.flush() == 0)
        #expect(Self.text(path) == "two\n" && Self.text(path + ".1") == "one\n")
    }

    @Test("a file that cannot be made says why and what to do")
    func unwritable() {
        #expect(throws: LogFileError(path: "/dev/null/x.ndjson", reason: "Not a directory")) { try FileLineSink(path: "/dev/null/x.ndjson") }
    }

    @Test("a full disk loses lines and says how many")
    func fullDisk() throws {
        guard FileManager.default.fileExists(atPath: "/dev/full") else {
            print("skipped: this system has no /dev/full")
            return
        }
        let sink = try FileLineSink(path: "/dev/full")
        #expect(Self.write("one\n", to: sink) && Self.write("two\n", to: sink))
        #expect(sink.flush() == 2)
        #expect(sink.flush() == 0)
        // More than one chunk: the line that filled it is told of at once, those before it with the next flush.
        let line = String(repeating: "x", count: 999) + "\n"
        let told = (1...100).count { _ in !Self.write(line, to: sink) }
        #expect(told == 1 && sink.flush() == 99)
    }

    @Test("a reader that has stopped reading loses lines but never stops the writer, and starts on a new line when it comes back")
    func stuckReader() {
        let pipe = Pipe()
        let sink = StreamLineSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let long = String(repeating: "x", count: 200_000) + "\n"
        #expect(!Self.write(long, to: sink))
        #expect(!Self.write("lost\n", to: sink))
        let first = pipe.fileHandleForReading.availableData
        #expect(first.allSatisfy { $0 == UInt8(ascii: "x") })
        while !Self.write("back\n", to: sink) { _ = pipe.fileHandleForReading.availableData }
        try? pipe.fileHandleForWriting.close()
        #expect(String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).hasSuffix("x\nback\n"))
    }

    @Test("the log of a run holds the lines of that run, packed piece by piece")
    func runLog() throws {
        let sink = RunLogSink { Array("[".utf8) + $0 + Array("]".utf8) }
        sink.open(runID: "r-1")
        let line = String(repeating: "x", count: 1_023) + "\n"
        for _ in 0..<300 { #expect(Self.write(line, to: sink, runID: "r-1")) }
        #expect(Self.write("other\n", to: sink, runID: "r-2"))
        #expect(Self.write("none\n", to: sink))
        let log = try #require(sink.take(runID: "r-1"))
        let text = String(decoding: log.bytes, as: UTF8.self)
        #expect(text == "[\(String(repeating: line, count: 256))][\(String(repeating: line, count: 44))]")
        #expect(log.lines == 300 && log.lost == 0)
        #expect(sink.take(runID: "r-1") == nil)
    }

    @Test("a log that came to its bound has room for the word that it did")
    func runLogLastWord() throws {
        let sink = RunLogSink(limit: 1) { $0 }
        sink.open(runID: "r")
        let line = String(repeating: "x", count: RunLogSink.chunkSize)
        #expect(Self.write(line, to: sink, runID: "r") && !Self.write(line, to: sink, runID: "r"))
        #expect(sink.lost(runID: "r") == 1)
        #expect(Self.write("cut\n", to: sink, runID: "r"))
        #expect(Self.write(line, to: sink, runID: "r") && !Self.write(line, to: sink, runID: "r"), "that room is bounded too")
        #expect(String(decoding: try #require(sink.take(runID: "r")).bytes, as: UTF8.self) == line + "cut\n" + line)
    }

    @Test("the log of a run has a bound, and what cannot be packed is counted as lost")
    func runLogBounds() throws {
        let bounded = RunLogSink(limit: 1) { $0 }
        bounded.open(runID: "r")
        let line = String(repeating: "x", count: RunLogSink.chunkSize)
        #expect(Self.write(line, to: bounded, runID: "r"))
        #expect(!Self.write(line, to: bounded, runID: "r"))
        let log = try #require(bounded.take(runID: "r"))
        #expect(log.lines == 1 && log.lost == 1)
        let whole = RunLogSink { $0 }
        whole.open(runID: "r")
        #expect(Self.write(line, to: whole, runID: "r") && whole.lost(runID: "r") == 0 && whole.lost(runID: "nobody") == 0)
        let broken = RunLogSink { _ in nil }
        broken.open(runID: "r")
        #expect(!Self.write(line, to: broken, runID: "r"))
        #expect(broken.take(runID: "r")?.lost == 1)
    }
}
