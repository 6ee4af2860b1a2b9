import AWS

extension [CloudWatchLogs.LogEvent] {
    /// In order of time, cut as PutLogEvents wants it: number, bytes with 26 for each event, and less than a day between first and last. Pure.
    func batches() -> [[CloudWatchLogs.LogEvent]] {
        let day = CloudWatchLogs.longestSpan.components.seconds * 1_000
        var batches: [[CloudWatchLogs.LogEvent]] = []
        var bytes = 0
        // Stable: lines of one millisecond stay in the order they were written.
        for event in sorted(by: { $0.timestamp < $1.timestamp }) {
            let size = event.size
            let first = batches.last?.first?.timestamp ?? event.timestamp
            if batches.isEmpty || batches[batches.count - 1].count == CloudWatchLogs.mostEvents || bytes + size > CloudWatchLogs.largestBatch
                || event.timestamp - first >= day
            {
                batches.append([])
                bytes = 0
            }
            batches[batches.count - 1].append(event)
            bytes += size
        }
        return batches
    }
}

extension CloudWatchLogs.LogEvent {
    /// As PutLogEvents counts it.
    var size: Int { message.utf8.count + CloudWatchLogs.eventOverhead }
}
