import Foundation
import Testing

@testable import Feed

/// `make fuzz` goes on with new seeds for `FUZZ_SECONDS`, from `FUZZ_SEED`; `swift test` looks at two hundred files that are always the same.
@Suite("Nasty files", .timeLimit(.minutes(60)))
struct FuzzTests {
    @Test("are read as the twins read them", arguments: UInt64(0)..<8)
    func always(_ part: UInt64) async throws {
        for seed in (part * 25)..<(part * 25 + 25) { try await look(seed) }
    }

    @Test("are read as the twins read them, for as long as is asked for", .enabled(if: FuzzTests.seconds > 0))
    func asLongAsAsked() async throws {
        let start = ProcessInfo.processInfo.environment["FUZZ_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64(UInt32.max))
        print("fuzz: FUZZ_SEED=\(start), \(Self.seconds) seconds")
        let end = ContinuousClock.now + .seconds(Self.seconds)
        var tried: UInt64 = 0
        var failed = 0
        while ContinuousClock.now < end, failed < 5 {
            if try await !look(start &+ tried) { failed += 1 }
            tried += 1
        }
        print("fuzz: \(tried) files, \(failed) finds")
    }

    private static let seconds = ProcessInfo.processInfo.environment["FUZZ_SECONDS"].flatMap { Int($0) } ?? 0

    @discardableResult
    private func look(_ seed: UInt64) async throws -> Bool {
        let feed = NastyFeed(seed: seed)
        let complaints = try await FuzzChecks(feed: feed, seed: seed).complaints()
        guard !complaints.isEmpty else { return true }
        let small = try await Shrinker(seed: seed).shrunk(feed)
        Issue.record(
                """
                seed \(seed): \(complaints.joined(separator: "\n"))
                the smallest file of its kind: \(String(reflecting: String(decoding: small.bytes, as: UTF8.self)))
                \(small.bytes)
                \(try await FuzzChecks(feed: small, seed: seed).complaints().joined(separator: "\n"))
                """)
        return false
    }
}

/// Takes away what a complaint does not need.
private struct Shrinker {
    let seed: UInt64
    /// Files tried at most.
    private static let limit = 400

    func shrunk(_ feed: NastyFeed) async throws -> NastyFeed {
        var best = feed
        var tried = 0
        var size = max(1, feed.bytes.count / 2)
        while size >= 1, tried < Self.limit {
            var place = 0
            while place < best.bytes.count, tried < Self.limit {
                var smaller = best
                smaller.bytes.removeSubrange(place..<min(best.bytes.count, place + size))
                tried += 1
                if try await FuzzChecks(feed: smaller, seed: seed).complaints().isEmpty { place += size } else { best = smaller }
            }
            size /= 2
        }
        return best
    }
}
