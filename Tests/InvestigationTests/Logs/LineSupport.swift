import CFeedKernels
import Events
import Foundation
import Gzip

@testable import Investigation

/// The same numbers for the same seed.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A line as Vitrine writes it.
func line(_ second: Int, _ level: String = "info", _ event: String = "batch.sent", run: String = "run-1", _ more: String = "") -> String {
    let time = (Timestamp(year: 2026, month: 11, day: 21, hour: 8) + .seconds(second)).rfc3339
    return #"{"time":"\#(time)","level":"\#(level)","event":"\#(event)","msg":"m","run_id":"\#(run)"\#(more.isEmpty ? "" : "," + more),"seq":\#(second)}"#
}

func moment(_ second: Int) -> Timestamp { Timestamp(year: 2026, month: 11, day: 21, hour: 8) + .seconds(second) }

func lines(_ lines: [String]) -> [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }

/// Files for the length of a test.
func withFiles(_ files: [String: [UInt8]], _ body: (_ folder: String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "logs-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, bytes) in files { try Data(bytes).write(to: URL(filePath: folder + "/" + name)) }
    try await body(folder)
}

/// Searches bytes that lie in memory.
func search(_ bytes: [UInt8], workers: Int = 2, _ ask: (inout LogQuery) -> Void) async throws -> LogAnswer {
    var query = LogQuery()
    ask(&query)
    return try await LogSearch(query, in: [.memory(name: "m", bytes)], workers: workers).run()
}

extension LogAnswer {
    /// The lines told, by their number.
    var numbers: [Int] { lines.compactMap { LogRecord($0.bytes)["seq"].flatMap { Int($0) } } }
}

func withPadded<Result>(_ bytes: [UInt8], _ body: (UnsafePointer<UInt8>, Int) -> Result) -> Result {
    let padded = bytes + (0..<Int(VF_PADDING)).map { _ in UInt8(ascii: "\"") }
    return padded.withUnsafeBufferPointer { body($0.baseAddress!, bytes.count) }
}
