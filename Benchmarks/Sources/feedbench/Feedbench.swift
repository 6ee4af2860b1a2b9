import CFeedKernels
import Feed
import Synchronization

@main
struct Feedbench {
    static func main() async throws {
        let watch = Stopwatch(budget: .milliseconds(700))
        if CommandLine.arguments.dropFirst().first == "telemetry" { return await telemetry(watch) }
        let bytes = SampleFeed.bytes()
        print("\(SampleFeed.rows) rows, \(bytes.count) bytes, AVX2: \(vf_has_avx2()); the quickest of many runs, on one core\n")
        await kernels(bytes, watch)
        try await feed(bytes, watch)
        await telemetry(watch)
    }

    private static func kernels(_ bytes: [UInt8], _ watch: Stopwatch) async {
        let padded = bytes + [UInt8](repeating: 0, count: Int(VF_PADDING))
        let comma = UInt8(ascii: ",")
        await watch.measure("survey (quotes, lines, for splitting)", "row", count: SampleFeed.rows, bytes: bytes.count) { keep(vf_survey_block(padded, bytes.count, 10, comma).newlines) }
        await watch.measure("UTF-8 check", "row", count: SampleFeed.rows, bytes: bytes.count) { keep(UInt64(vf_utf8_prefix(padded, bytes.count))) }
        await watch.measure("split into fields", "row", count: SampleFeed.rows, bytes: bytes.count) {
            var fields = [vf_field](repeating: vf_field(), count: 12)
            padded.withUnsafeBufferPointer { all in
                var at = 0
                while at < bytes.count { at += Int(vf_split(all.baseAddress! + at, bytes.count - at, comma, &fields, 12).consumed) }
            }
            keep(UInt64(fields[0].length))
        }
        await watch.measure("byte classes", "row", count: SampleFeed.rows, bytes: bytes.count) { keep(UInt64(vf_classify(padded, bytes.count).mask)) }
        await watch.measure("fingerprint", "row", count: SampleFeed.rows, bytes: bytes.count) { keep(vf_fingerprint(padded, bytes.count, 0)) }
        await watch.measure("JSON escape, byte by byte", "row", count: SampleFeed.rows, bytes: bytes.count) {
            let room = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count * 6)
            defer { room.deallocate() }
            keep(UInt64(vf_json_escape(room, padded, bytes.count)))
        }
        print("")
    }

    private static func feed(_ bytes: [UInt8], _ watch: Stopwatch) async throws {
        let source = MemoryByteSource(bytes)
        var quiet = FeedOptions()
        for rule in RuleID.allCases { quiet.severities[rule] = .off }
        let (loud, scanner) = (FeedOptions(), FeedScanner())
        try await watch.measure("scan, no rule reports", "row", count: SampleFeed.rows, bytes: bytes.count) {
            keep(UInt64(try await FeedScanner(options: quiet).scan(source, name: "x", workers: 1).rowCount))
        }
        try await watch.measure("scan, every rule", "row", count: SampleFeed.rows, bytes: bytes.count) {
            keep(UInt64(try await scanner.scan(source, name: "x", workers: 1).rowCount))
        }
        let scan = try await scanner.scan(source, name: "x", workers: 1)
        let winners = try await resolve([scan], sources: [source], options: loud).winners
        try await watch.measure("encode, second pass", "row", count: winners.count, bytes: bytes.count) {
            var reader = RowReader(scan: scan, source: source, options: loud)
            var item: [UInt8] = []
            for winner in winners {
                item.removeAll(keepingCapacity: true)
                _ = try reader.encode(winner.row, into: &item)
            }
            keep(UInt64(item.count))
        }
        try await watch.measure("resolve, one row in 50 repeated", "row", count: SampleFeed.rows) {
            keep(UInt64(try await resolve([scan], sources: [source], options: loud).winners.count))
        }
        try await watch.measure("resolve, the file twice", "row", count: 2 * SampleFeed.rows) {
            keep(UInt64(try await resolve([scan, scan], sources: [source, source], options: loud).winners.count))
        }
        print("")
    }
}

/// Keeps the optimiser from leaving the work out.
func keep(_ value: UInt64) { sink.store(value, ordering: .relaxed) }

private let sink = Atomic<UInt64>(0)
