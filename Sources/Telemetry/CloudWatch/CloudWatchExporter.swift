public import AWS
public import Events
import Gzip
import Synchronization

/// Collects the figures as they change, and delivers them when it is told to: at the end of a run, and each minute where there is a daemon.
///
/// A delivery has its bound in time. What could not be delivered is kept for the next two; after them, or where the answer was lost so that it
/// may have counted, it is dropped and counted in `telemetry_dropped_total{sink="cloudwatch"}`.
public final class CloudWatchExporter: MetricSink {
    /// The longest that a run waits for it.
    public static let bound = Duration.seconds(30)
    /// Deliveries that a datum is tried in.
    static let mostDeliveries = 3
    /// Data kept for the next time.
    static let mostKept = 20_000

    private struct Kept {
        var data: [MetricDatum]
        var tries: Int
    }

    private let cloudWatch: CloudWatch
    private let namespace: String
    private let world: AWSWorld
    private let figures = Mutex(CloudWatchFigures())
    private let kept = Mutex<[Kept]>([])
    private let turn = DeliveryTurn()

    /// - Parameter session: its reporter is not used: a delivery that spoke of itself would never come to an end.
    public init(session: AWSSession, namespace: String, world: AWSWorld) {
        cloudWatch = CloudWatch(in: session, reporter: .silent) { try? gzip($0) }
        self.namespace = namespace
        self.world = world
    }

    public func take(_ change: Signal.MetricChange, pipeline: String?) {
        guard let pipeline else { return }
        figures.withLock { $0.take(change, pipeline: pipeline) }
    }

    /// Sends what there is, for at most `bound`.
    /// - Parameters:
    ///   - isLast: the process ends; what is not delivered now is dropped.
    ///   - reporter: is told of what is lost, and once for a delivery of what failed.
    public func deliver(isLast: Bool, within bound: Duration = bound, reporter: Reporter) async {
        await turn.take()
        let (data, dropped) = figures.withLock { $0.drain(at: world.now()) }
        let work = kept.withLock { kept in
            defer { kept = [] }
            return kept + data.calls().map { Kept(data: $0, tries: 0) }
        }
        if dropped > 0 { lose(dropped, "more values than are kept between two deliveries", "Deliver more often.", reporter) }
        let left = Mutex(work)
        let failure = Mutex<AWSError?>(nil)
        await DeliveryWindow.run(within: bound, waiting: world.sleep) { [self] in
            for call in work {
                let error = await self.send(call.data)
                if let error {
                    failure.withLock { $0 = error }
                    if error.mayBeDeliveredLater { return }  // the rest would fare no better now
                    lose(call.data.count, error.culprit, error.remedy, reporter)
                }
                left.withLock { _ = $0.removeFirst() }
            }
        }
        keep(left.withLock(\.self), failure.withLock(\.self), isLast, reporter)
        await turn.give()
    }

    /// Nil where it was taken.
    private func send(_ data: [MetricDatum]) async -> AWSError? {
        do throws(AWSError) {
            try await cloudWatch.put(data, namespace: namespace)
            return nil
        } catch {
            return error
        }
    }

    private func keep(_ left: [Kept], _ failure: AWSError?, _ isLast: Bool, _ reporter: Reporter) {
        guard !left.isEmpty else { return }
        let culprit = failure?.culprit ?? "CloudWatch took longer than a run may wait"
        let remedy = failure?.remedy ?? "Check the network between here and CloudWatch."
        var lost = 0
        var keeping: [Kept] = []
        for var call in left {
            call.tries += 1
            if isLast || call.tries >= Self.mostDeliveries || keeping.reduce(0, { $0 + $1.data.count }) + call.data.count > Self.mostKept {
                lost += call.data.count
            } else {
                keeping.append(call)
            }
        }
        if lost > 0 { lose(lost, culprit, remedy, reporter) }
        guard !keeping.isEmpty else { return }
        reporter.report(
            TelemetryEvent.exportFailed(sink: .cloudwatch, kept: keeping.reduce(0) { $0 + $1.data.count }, culprit: culprit, remedy: remedy))
        kept.withLock { $0 = keeping }
    }

    private func lose(_ count: Int, _ culprit: String, _ remedy: String, _ reporter: Reporter) {
        reporter.report(TelemetryEvent.exportDropped(sink: .cloudwatch, lost: count, culprit: culprit, remedy: remedy))
    }
}
