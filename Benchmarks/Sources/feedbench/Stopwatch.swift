/// Runs a piece of work again and again, and tells the quickest run: noise only ever adds.
struct Stopwatch {
    /// Each piece is run for at least this long.
    let budget: Duration

    /// `count`: how many units one run of the work does; `bytes`: how many it goes through.
    func measure(_ name: String, _ unit: String, count: Int, bytes: Int = 0, _ work: () async throws -> Void) async rethrows {
        try await work()
        let clock = ContinuousClock()
        let end = clock.now + budget
        var best = Duration.seconds(3600)
        repeat { best = min(best, try await clock.measure(work)) } while clock.now < end
        let seconds = Double(best.components.attoseconds) * 1e-18 + Double(best.components.seconds)
        let each = seconds * 1e9 / Double(count)
        let rate = bytes > 0 ? "  \(Self.fixed(Double(bytes) / seconds / 1e9, 2)) GB/s" : ""
        print("\(name)\(String(repeating: " ", count: max(1, 44 - name.count)))\(Self.fixed(each, each < 100 ? 2 : 0)) ns a \(unit)\(rate)")
    }

    private static func fixed(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((value * scale).rounded())
        guard digits > 0 else { return String(scaled) }
        let fraction = String(scaled % Int(scale))
        return "\(scaled / Int(scale)).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
    }
}
