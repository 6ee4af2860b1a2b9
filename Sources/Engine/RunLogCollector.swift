/// Collects the log lines of a run for its folder. The engine knows no sinks; the composition root brings one.
public protocol RunLogCollector: Sendable {
    func open(runID: String)
    /// Lines that have found no room since `open`. From then on there is room for the few that say so.
    func lost(runID: String) -> Int
    /// The gzipped lines since `open` or the last `take`. Nil where the run was not opened.
    func take(runID: String) -> [UInt8]?
}
