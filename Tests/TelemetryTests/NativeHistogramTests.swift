import Events
@testable import Telemetry
import Testing

@Suite("Native histograms")
struct NativeHistogramTests {
    /// Values around every bound, classic and native, and some anywhere.
    private static let values: [Double] = {
        let bounds = MetricName.handleLatency.declaration.buckets + (0..<NativeBuckets.count - 1).map(NativeBuckets.upperBound)
        return bounds.flatMap { [$0.nextDown, $0, $0.nextUp] } + [0, 1e-9, 0.003, 0.7, 77.7, 200_000, 8e9]
    }()

    @Test("each bound is 2^(1/8) times the one before, from a millisecond to a day and a half")
    func bounds() {
        #expect(NativeBuckets.upperBound(at: 0) == NativeBuckets.zeroThreshold && NativeBuckets.upperBound(at: NativeBuckets.count - 1) == 0x1p17)
        #expect(NativeBuckets.upperBound(at: 80) == 1 && NativeBuckets.upperBound(at: 88) == 2 && NativeBuckets.key(at: 80) == 0)
        for place in 1..<NativeBuckets.count {
            let factor = NativeBuckets.upperBound(at: place) / NativeBuckets.upperBound(at: place - 1)
            #expect(abs(factor - 1.0905077326652577) < 1e-12)
        }
    }

    @Test("a value is counted in the bucket whose bounds hold it, native and classic", arguments: values)
    func places(value: Double) throws {
        let place = NativeBuckets.place(of: value)
        #expect(place == NativeBuckets.count - 1 || value <= NativeBuckets.upperBound(at: place))
        #expect(place == 0 || value > NativeBuckets.upperBound(at: place - 1))
        let registry = MetricRegistry(givenValues)
        let histogram = try #require(registry.histogram(.handleLatency, pipeline: "shop"))
        #expect(histogram.observe(value))
        let snapshot = registry.snapshot(native: true)
        let family = try #require(snapshot.families.first { $0.metric == .handleLatency })
        // The first histogram by name, and "shop" the second pipeline of it.
        #expect(snapshot.native[NativeBuckets.count + place] == 1 && snapshot.native.reduce(0, +) == 1)
        let bucket = family.declaration.buckets.firstIndex { value <= $0 } ?? family.declaration.buckets.count
        guard case .histogram(let told)? = snapshot.value(of: .handleLatency, pipeline: "shop") else { return #expect(Bool(false)) }
        #expect(told.cumulative.firstIndex(of: 1) == bucket && told.count == 1)
    }

    @Test("the protobuf has spans and deltas that add up to the count, and a no-op span where there is nothing")
    func wire() throws {
        let hub = TelemetryHub(registry: MetricRegistry(givenValues), outputs: [], clock: { noon })
        let values = [0.0001, 0.9, 1, 1, 1.05, 1.09, 40, 300_000]
        for value in values { hub.registry.apply(.init(.observe, .handleLatency, value), pipeline: "shop") }
        let family = try #require(try ProtobufReader.delimited(Scrape(of: hub).bytes(as: .protobuf)).first { $0.text(1) == "vitrine_handle_latency_seconds" })
        #expect(family.text(5) == "seconds")
        let histograms = try family.messages(4).map { try #require(try $0.messages(7).first) }
        let (silent, busy) = (histograms[0], histograms[1])
        #expect(try silent.messages(12).count == 1 && silent[13] == nil && silent.number(7) == 0)
        #expect(try silent.messages(12)[0].number(2) == 0)
        #expect(busy.number(5) == 6)  // schema 3, zigzag
        #expect(busy.number(6) == 0x1p-10 && busy.number(7) == 1 && busy.number(1) == Double(values.count))
        var counts: [Int: Int] = [:]
        var (key, last, deltas) = (0, 0, (busy[13] ?? [])[...])
        for span in try busy.messages(12) {
            key += Self.zigzag(span.number(1))
            for _ in 0..<Int(span.number(2) ?? 0) {
                guard case .varint(let delta)? = deltas.popFirst() else { return #expect(Bool(false), "too few deltas") }
                last += Self.zigzag(Double(delta))
                counts[key] = last
                key += 1
            }
        }
        #expect(deltas.isEmpty)
        // 0.9 is in (0.84, 0.917], 1 and 1 in (0.917, 1], 1.05 and 1.09 in (1, 1.0905]; 40 in (38.05, 41.5].
        #expect(counts == [-1: 1, 0: 2, 1: 2, 43: 1, 136: 1])
    }

    private static func zigzag(_ number: Double?) -> Int {
        let raw = Int(number ?? 0)
        return raw % 2 == 0 ? raw / 2 : -(raw + 1) / 2
    }
}
