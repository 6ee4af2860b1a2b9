import Events
import Telemetry

extension Feedbench {
    static func telemetry(_ watch: Stopwatch) async {
        let times = 200_000
        var signal = Signal()
        signal.say(.info, "Batch 12 was taken in by Meta")
        signal.field(.file, "products-00012.csv")
        signal.field(.row, 4711)
        signal.field(.productID, "SKU-00004711")
        signal.field(.batch, 12)
        signal.field(.handle, "AcyF1n0TQ2Wm")
        signal.field(.attempt, 1)
        signal.field(.httpStatus, 200)
        signal.field(.fbtraceID, "A1b2C3d4E5")
        signal.field(.durationMilliseconds, 812)
        signal.field(.usedRatio, 0.25)
        let scope = EventScope(pipeline: "shop-catalog", runID: "20261121T075500Z-1", stage: "send")
        let time = Timestamp(nanoseconds: 1_795_247_700_123_000_000)
        await watch.measure("log line of ten fields", "line", count: times) {
            var encoder = LogLineEncoder()
            for number in 0..<times { encoder.encode(signal, event: "batch.sent", at: time, in: scope, sequence: number) }
            encoder.withLine { keep(UInt64($0.byteCount)) }
        }
        let registry = MetricRegistry(GivenLabelValues(pipelines: ["shop-catalog"]))
        if let counter = registry.counter(.handleErrors, pipeline: "shop-catalog") {
            await watch.measure("counter add", "time", count: times) { for _ in 0..<times { counter.add() } }
        }
        if let histogram = registry.histogram(.handleLatency, pipeline: "shop-catalog") {
            await watch.measure("histogram observe", "time", count: times) { for number in 0..<times { histogram.observe(Double(number & 63)) } }
        }
    }
}
