public import AWS
public import Events
import Synchronization

/// Keeps lines for CloudWatch's logs, and delivers them when it is told to. Writing never waits; a line beyond the bound is refused, and the
/// hub counts it.
public final class CloudWatchLogsSink: LineSink {
    public let name = TelemetrySink.cloudwatchLogs
    /// Bytes of lines that wait, as PutLogEvents counts them. Some 30,000 lines.
    public static let bufferLimit = 16 << 20

    private let logs: CloudWatchLogs
    private let group: String
    private let stream: String
    private let retentionDays: Int?
    private let world: AWSWorld
    private let queue: Mutex<DeliveryQueue<CloudWatchLogs.LogEvent>>
    private let turn = DeliveryTurn()

    /// - Parameters:
    ///   - session: its reporter is not used: a delivery that wrote lines would never come to an end.
    ///   - stream: such as the machine and the process; one writer each keeps the lines in order.
    ///   - retention: given to the group where this process has to make it. A group that is there keeps what its owner chose.
    public init(session: AWSSession, group: String, stream: String, retention: Duration?, world: AWSWorld, limit: Int = bufferLimit) {
        logs = CloudWatchLogs(in: session, reporter: .silent)
        self.group = group
        self.stream = Self.streamName(stream)
        retentionDays = retention.map(Self.days)
        self.world = world
        queue = Mutex(DeliveryQueue(mostBytes: limit) { $0.size })
    }

    /// The next longer one of those that CloudWatch knows.
    static func days(_ retention: Duration) -> Int {
        let days = Int((retention.components.seconds + 86_399) / 86_400)
        return CloudWatchLogs.retentions.first { $0 >= days } ?? CloudWatchLogs.retentions[CloudWatchLogs.retentions.count - 1]
    }

    /// Without `:` and `*`, which the name of a stream must not have, and at most 512 letters.
    static func streamName(_ name: String) -> String {
        let text = String(name.prefix(512)).replacing(":", with: "-").replacing("*", with: "-")
        return text.isEmpty ? "vitrine" : text
    }

    public func write(_ line: RawSpan, in scope: EventScope) -> Bool {
        let message = line.withUnsafeBytes { bytes in
            String(decoding: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...], as: UTF8.self)
        }
        let event = CloudWatchLogs.LogEvent(timestamp: world.now().nanoseconds / 1_000_000, message: message)
        guard !message.isEmpty, event.size <= CloudWatchLogs.largestBatch else { return message.isEmpty }
        return queue.withLock { $0.append(event) }
    }

    /// Lines that are not delivered yet.
    public var waiting: Int { queue.withLock(\.count) }

    /// Sends what there is, for at most `bound`. What could not be sent is kept where there is room for it, unless this is the last time.
    public func deliver(isLast: Bool, within bound: Duration = CloudWatchExporter.bound, reporter: Reporter) async {
        await turn.take()
        let work = queue.withLock { $0.take() }.batches()
        let left = Mutex(work)
        let failure = Mutex<AWSError?>(nil)
        await DeliveryWindow.run(within: bound, waiting: world.sleep) { [self] in
            for batch in work {
                do throws(AWSError) {
                    let rejected = try await put(batch)
                    if rejected > 0 { lose(rejected, "CloudWatch refused lines as too old or too new", "Check the clock of this machine.", reporter) }
                } catch {
                    failure.withLock { $0 = error }
                    if error.mayBeDeliveredLater { return }
                    lose(batch.count, error.culprit, error.remedy, reporter)
                }
                left.withLock { _ = $0.removeFirst() }
            }
        }
        keep(left.withLock(\.self).flatMap(\.self), failure.withLock(\.self), isLast, reporter)
        await turn.give()
    }

    /// Makes group and stream where they are missing.
    private func put(_ batch: [CloudWatchLogs.LogEvent]) async throws(AWSError) -> Int {
        do throws(AWSError) {
            return try await logs.put(batch, group: group, stream: stream)
        } catch {
            guard error.code == "ResourceNotFoundException" else { throw error }
            if try await logs.createGroup(group), let retentionDays { try await logs.setRetention(of: group, days: retentionDays) }
            _ = try await logs.createStream(stream, in: group)
            return try await logs.put(batch, group: group, stream: stream)
        }
    }

    private func keep(_ left: [CloudWatchLogs.LogEvent], _ failure: AWSError?, _ isLast: Bool, _ reporter: Reporter) {
        guard !left.isEmpty else { return }
        let culprit = failure?.culprit ?? "CloudWatch took longer than a run may wait"
        let remedy = failure?.remedy ?? "Check the network between here and CloudWatch."
        let lost = isLast ? left.count : queue.withLock { $0.putBack(left) }
        if lost > 0 { lose(lost, culprit, remedy, reporter) }
        if lost < left.count {
            reporter.report(TelemetryEvent.exportFailed(sink: .cloudwatchLogs, kept: left.count - lost, culprit: culprit, remedy: remedy))
        }
    }

    private func lose(_ count: Int, _ culprit: String, _ remedy: String, _ reporter: Reporter) {
        reporter.report(TelemetryEvent.exportDropped(sink: .cloudwatchLogs, lost: count, culprit: culprit, remedy: remedy))
    }
}
