private import CProtobufC

/// A tree of `io.prometheus.client` messages, made once: the set of series never changes. Before each packing only the numbers are set.
///
/// Owns every C structure and text it points to; what it packs is copied out before it returns.
public struct PrometheusMessages: ~Copyable {
    public enum Kind: Sendable { case counter, gauge, histogram }

    /// What stands in one series at the moment of packing.
    public enum Value: Sendable {
        case number(Double)
        /// Observations at or below each bound, rising, without the last one (`+Inf`), which is the count; and their sum.
        case histogram(cumulative: ArraySlice<UInt64>, count: UInt64, sum: Double)
        /// The series is left out.
        case hidden
    }

    private typealias CFamily = Io__Prometheus__Client__MetricFamily
    private typealias CMetric = Io__Prometheus__Client__Metric

    private var arena = Arena()
    private var families: [Family] = []

    private struct Family {
        let message: UnsafeMutablePointer<CFamily>
        let kind: Kind
        var series: [UnsafeMutablePointer<CMetric>?] = []
        /// Room for all series; hidden ones only make the list shorter.
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CMetric>?>?
    }

    public init() {}

    /// Begins a family; the series that follow belong to it.
    public mutating func family(name: String, help: String, kind: Kind) {
        let message = arena.make(CFamily.self, io__prometheus__client__metric_family__init)
        message.pointee.name = arena.text(name)
        message.pointee.help = arena.text(help)
        message.pointee.has_type = 1
        message.pointee.type = kind.type
        families.append(Family(message: message, kind: kind))
    }

    /// Adds a series to the last family.
    /// - Parameter bounds: of a histogram, rising, without `+Inf`.
    public mutating func series(labels: [(name: String, value: String)], bounds: [Double] = []) {
        precondition(!families.isEmpty, "a series without a family")
        let metric = arena.make(CMetric.self, io__prometheus__client__metric__init)
        let pairs = labels.map { pair(name: $0.name, value: $0.value) }
        metric.pointee.n_label = pairs.count
        metric.pointee.label = arena.list(pairs)
        switch families[families.count - 1].kind {
        case .counter: metric.pointee.counter = arena.make(Io__Prometheus__Client__Counter.self, io__prometheus__client__counter__init)
        case .gauge: metric.pointee.gauge = arena.make(Io__Prometheus__Client__Gauge.self, io__prometheus__client__gauge__init)
        case .histogram: metric.pointee.histogram = histogram(bounds)
        }
        families[families.count - 1].series.append(metric)
    }

    /// Every family as a message led by its length in bytes as a varint; a family without a series to show is left out.
    /// - Parameter value: asked for each series in the order in which they were added, counted from 0 over all families.
    public mutating func pack(_ value: (_ series: Int) -> Value) -> [UInt8] {
        var bytes: [UInt8] = []
        var number = 0
        for place in families.indices {
            let list = families[place].list ?? arena.room(for: families[place].series.count, CMetric.self)
            families[place].list = list
            let family = families[place]
            var shown = 0
            for metric in family.series {
                if let metric, Self.set(metric, value(number)) {
                    list[shown] = metric
                    shown += 1
                }
                number += 1
            }
            family.message.pointee.metric = list
            family.message.pointee.n_metric = shown
            if shown > 0 { Self.append(family.message, to: &bytes) }
        }
        return bytes
    }

    private mutating func pair(name: String, value: String) -> UnsafeMutablePointer<Io__Prometheus__Client__LabelPair>? {
        let pair = arena.make(Io__Prometheus__Client__LabelPair.self, io__prometheus__client__label_pair__init)
        pair.pointee.name = arena.text(name)
        pair.pointee.value = arena.text(value)
        return pair
    }

    /// The last bucket is the one of `+Inf`.
    private mutating func histogram(_ bounds: [Double]) -> UnsafeMutablePointer<Io__Prometheus__Client__Histogram> {
        let histogram = arena.make(Io__Prometheus__Client__Histogram.self, io__prometheus__client__histogram__init)
        let buckets = (bounds + [.infinity]).map { bound -> UnsafeMutablePointer<Io__Prometheus__Client__Bucket>? in
            let bucket = arena.make(Io__Prometheus__Client__Bucket.self, io__prometheus__client__bucket__init)
            bucket.pointee.has_upper_bound = 1
            bucket.pointee.upper_bound = bound
            return bucket
        }
        histogram.pointee.n_bucket = buckets.count
        histogram.pointee.bucket = arena.list(buckets)
        return histogram
    }

    private static func set(_ metric: UnsafeMutablePointer<CMetric>, _ value: Value) -> Bool {
        switch value {
        case .hidden: return false
        case .number(let number):
            if let counter = metric.pointee.counter {
                counter.pointee.has_value = 1
                counter.pointee.value = number
            } else if let gauge = metric.pointee.gauge {
                gauge.pointee.has_value = 1
                gauge.pointee.value = number
            }
        case .histogram(let cumulative, let count, let sum):
            guard let histogram = metric.pointee.histogram, let buckets = histogram.pointee.bucket else { return false }
            precondition(cumulative.count + 1 == histogram.pointee.n_bucket, "as many counts as bounds")
            for (place, observed) in zip(0..., cumulative + [count]) {
                buckets[place]?.pointee.has_cumulative_count = 1
                buckets[place]?.pointee.cumulative_count = observed
            }
            histogram.pointee.has_sample_count = 1
            histogram.pointee.sample_count = count
            histogram.pointee.has_sample_sum = 1
            histogram.pointee.sample_sum = sum
        }
        return true
    }

    private static func append(_ family: UnsafeMutablePointer<CFamily>, to bytes: inout [UInt8]) {
        let size = io__prometheus__client__metric_family__get_packed_size(family)
        appendVarint(UInt64(size), to: &bytes)
        bytes += [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = io__prometheus__client__metric_family__pack(family, buffer.baseAddress)
        }
    }

    /// Seven bits a byte, the lowest first; the eighth says that more follow (protobuf.dev, "Encoding").
    private static func appendVarint(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

extension PrometheusMessages.Kind {
    fileprivate var type: Io__Prometheus__Client__MetricType {
        switch self {
        case .counter: IO__PROMETHEUS__CLIENT__METRIC_TYPE__COUNTER
        case .gauge: IO__PROMETHEUS__CLIENT__METRIC_TYPE__GAUGE
        case .histogram: IO__PROMETHEUS__CLIENT__METRIC_TYPE__HISTOGRAM
        }
    }
}
