public import AWS
public import Events

/// The figures since the last delivery, by pipeline. Pure.
public struct CloudWatchFigures: Sendable {
    private struct Pipeline {
        var sums: [CloudWatchFigure: Double] = [:]
        /// How often each value came.
        var values: [CloudWatchFigure: [Double: Double]] = [:]
        var oldestFile: Double?
        /// A run has ended: then every sum is told, also a zero, so that a graph has a point for each run.
        var runEnded = false
    }

    /// Different values of one figure between two deliveries; more are dropped.
    public static let mostValues = 10_000

    private var pipelines: [String: Pipeline] = [:]
    /// Values that had no room or are none; taken with the rest.
    private var dropped = 0

    public init() {}

    public mutating func take(_ change: Signal.MetricChange, pipeline: String) {
        for (figure, value) in CloudWatchFigure.of(change) {
            guard value.isFinite else {
                dropped += 1
                continue
            }
            switch figure.kind {
            case .sum: pipelines[pipeline, default: Pipeline()].sums[figure, default: 0] += value
            case .each:
                guard pipelines[pipeline]?.values[figure]?.count ?? 0 < Self.mostValues else {
                    dropped += 1
                    continue
                }
                pipelines[pipeline, default: Pipeline()].values[figure, default: [:]][value, default: 0] += 1
            case .last: pipelines[pipeline, default: Pipeline()].oldestFile = value
            }
            if figure == .runsSucceeded { pipelines[pipeline]?.runEnded = true }
        }
    }

    /// What there is to tell, in a fixed order; afterwards there is nothing.
    public mutating func drain(at now: Timestamp) -> (data: [MetricDatum], dropped: Int) {
        defer { self = CloudWatchFigures() }
        let data = pipelines.sorted { $0.key < $1.key }.flatMap { name, pipeline in
            CloudWatchFigure.allCases.flatMap { figure in
                Self.contents(of: figure, in: pipeline, now).map {
                    MetricDatum(figure.rawValue, [.init(CloudWatchFigure.dimension, Self.dimension(name))], figure.unit, at: now, $0)
                }
            }
        }
        return (data, dropped)
    }

    private static func contents(of figure: CloudWatchFigure, in pipeline: Pipeline, _ now: Timestamp) -> [MetricDatum.Content] {
        switch figure.kind {
        case .sum:
            let sum = pipeline.sums[figure] ?? 0
            return sum != 0 || pipeline.runEnded ? [.value(sum)] : []
        case .each:
            let all = (pipeline.values[figure] ?? [:]).sorted { $0.key < $1.key }
            return stride(from: 0, to: all.count, by: CloudWatch.mostValues).map { start in
                let part = all[start..<min(start + CloudWatch.mostValues, all.count)]
                if part.count == 1, let only = part.first, only.value == 1 { return .value(only.key) }
                return .values(part.map(\.key), counts: part.map(\.value))
            }
        case .last:
            // Zero stands for "none waits".
            return pipeline.oldestFile.map { [.value($0 == 0 ? 0 : max(0, now.seconds - $0))] } ?? []
        }
    }

    /// CloudWatch takes printable ASCII, not blank, up to 1,024 letters. Source: botocore 1.43, service model.
    private static func dimension(_ name: String) -> String {
        let letters = name.unicodeScalars.prefix(1_024).map { (0x20...0x7e).contains($0.value) ? $0 : "?" }
        let text = String(String.UnicodeScalarView(letters))
        return text.allSatisfy { $0 == " " } ? "-" : text.hasPrefix(":") ? "_" + text.dropFirst() : text
    }
}

extension [MetricDatum] {
    /// In calls of at most `CloudWatch.mostData`, and of so many bytes before packing that a call cannot be too large.
    func calls(largestBody: Int = CloudWatch.largestBody / 2) -> [[MetricDatum]] {
        var calls: [[MetricDatum]] = []
        var bytes = 0
        for datum in self {
            let size = datum.bytesAtMost
            if calls.isEmpty || calls[calls.count - 1].count == CloudWatch.mostData || bytes + size > largestBody {
                calls.append([])
                bytes = 0
            }
            calls[calls.count - 1].append(datum)
            bytes += size
        }
        return calls
    }
}

extension MetricDatum {
    /// More than its JSON has: each number at most 25 letters, each letter of a name at most 2 when escaped, since CloudWatch takes no others.
    fileprivate var bytesAtMost: Int {
        let frame = 200
        let number = 26
        let names = dimensions.reduce(name.utf8.count) { $0 + $1.name.utf8.count + $1.value.utf8.count + 30 } * 2
        return switch content {
        case .value: frame + names + number
        case .values(let values, let counts): frame + names + (values.count + counts.count) * number
        }
    }
}
