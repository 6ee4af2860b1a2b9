private import CProtobufC

/// A tree of `io.prometheus.client` messages, made once for a set of series. Before each packing only the numbers are set, and only of the series that
/// have moved: of the others the bytes of the last time are kept. (A message is its fields one after the other, so a family is its head, each series
/// under the tag of `metric`, and its unit; protobuf.dev, "Encoding".)
///
/// Owns every C structure and text it points to; what it packs is copied out before it returns.
public struct PrometheusMessages: ~Copyable {
    public enum Kind: Sendable { case counter, gauge, histogram }

    /// What stands in one series at the moment of packing.
    public enum Value: Sendable {
        case number(Double, Exemplar?)
        case histogram(Histogram)
        /// The series is left out.
        case hidden
        /// As it was told the last time.
        case same
    }

    public struct Histogram: Sendable {
        /// Observations at or below each bound, rising, without the last one (`+Inf`), which is the count.
        public var cumulative: ArraySlice<UInt64>
        public var count: UInt64
        public var sum: Double
        /// By place of the bucket, `+Inf` the last.
        public var exemplars: [(bucket: Int, Exemplar)]
        /// Nil where it has none.
        public var native: NativeHistogram?

        public init(cumulative: ArraySlice<UInt64>, count: UInt64, sum: Double, exemplars: [(bucket: Int, Exemplar)], native: NativeHistogram?) {
            self.cumulative = cumulative
            self.count = count
            self.sum = sum
            self.exemplars = exemplars
            self.native = native
        }
    }

    /// The sparse twin of the classic buckets.
    public struct NativeHistogram: Sendable {
        public var schema: Int32
        public var zeroThreshold: Double
        public var zeroCount: UInt64
        /// Number of the bucket, rising, and how many it holds; empty buckets are left out.
        public var buckets: [(key: Int, count: UInt64)]

        public init(schema: Int32, zeroThreshold: Double, zeroCount: UInt64, buckets: [(key: Int, count: UInt64)]) {
            self.schema = schema
            self.zeroThreshold = zeroThreshold
            self.zeroCount = zeroCount
            self.buckets = buckets
        }
    }

    public struct Exemplar: Sendable {
        public var labels: [(name: String, value: String)]
        public var value: Double
        /// Since 1970.
        public var nanoseconds: Int64

        public init(labels: [(name: String, value: String)], value: Double, nanoseconds: Int64) {
            self.labels = labels
            self.value = value
            self.nanoseconds = nanoseconds
        }
    }

    private typealias CFamily = Io__Prometheus__Client__MetricFamily
    fileprivate typealias CMetric = Io__Prometheus__Client__Metric

    private var arena = Arena()
    /// What only the packing of one series needs.
    private var scratch = Arena()
    private var families: [Family] = []

    fileprivate struct Family {
        let kind: Kind
        /// Everything before the series, and what stands behind them.
        let head: [UInt8]
        let tail: [UInt8]
        var series: [Series] = []
        /// The whole of it, led by its length; empty where it has no series to show. Nil: not told yet.
        var bytes: [UInt8]?
    }

    fileprivate struct Series {
        let metric: UnsafeMutablePointer<CMetric>
        /// With tag and length; empty where it is hidden.
        var bytes: [UInt8] = []
    }

    public init() {}

    /// Begins a family; the series that follow belong to it.
    public mutating func family(name: String, help: String, unit: String?, kind: Kind) {
        let head = arena.make(CFamily.self, io__prometheus__client__metric_family__init)
        head.pointee.name = arena.text(name)
        head.pointee.help = arena.text(help)
        head.pointee.has_type = 1
        head.pointee.type = kind.type
        let tail = arena.make(CFamily.self, io__prometheus__client__metric_family__init)
        if let unit { tail.pointee.unit = arena.text(unit) }
        families.append(Family(kind: kind, head: Self.packed(head), tail: Self.packed(tail)))
    }

    /// Adds a series to the last family.
    /// - Parameters:
    ///   - bounds: of a histogram, rising, without `+Inf`.
    ///   - created: nanoseconds since 1970; nil where it is not told, and for a gauge.
    public mutating func series(labels: [(name: String, value: String)], bounds: [Double] = [], created: Int64? = nil) {
        precondition(!families.isEmpty, "a series without a family")
        let metric = arena.make(CMetric.self, io__prometheus__client__metric__init)
        let pairs = labels.map { arena.pair(name: $0.name, value: $0.value) }
        metric.pointee.n_label = pairs.count
        metric.pointee.label = arena.list(pairs)
        let start = created.map { arena.timestamp($0) }
        switch families[families.count - 1].kind {
        case .counter:
            metric.pointee.counter = arena.make(Io__Prometheus__Client__Counter.self, io__prometheus__client__counter__init)
            if let start { metric.pointee.counter.pointee.created_timestamp = start }
        case .gauge: metric.pointee.gauge = arena.make(Io__Prometheus__Client__Gauge.self, io__prometheus__client__gauge__init)
        case .histogram:
            metric.pointee.histogram = histogram(bounds)
            if let start { metric.pointee.histogram.pointee.created_timestamp = start }
        }
        families[families.count - 1].series.append(Series(metric: metric))
    }

    /// Every family as a message led by its length in bytes as a varint; a family without a series to show is left out.
    /// - Parameter value: asked for each series in the order in which they were added, counted from 0 over all families.
    public mutating func pack(_ value: (_ series: Int) -> Value) -> [UInt8] {
        var number = 0
        var size = 0
        for place in families.indices {
            var hasMoved = families[place].bytes == nil
            for index in families[place].series.indices {
                if Self.repack(&families[place].series[index], value(number), &scratch) { hasMoved = true }
                number += 1
            }
            if hasMoved { families[place].bytes = families[place].packed }
            size += families[place].bytes?.count ?? 0
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        for family in families { bytes += family.bytes ?? [] }
        return bytes
    }

    /// False where it is as it was.
    private static func repack(_ series: inout Series, _ value: Value, _ scratch: inout Arena) -> Bool {
        if case .same = value { return false }
        scratch.empty()
        series.bytes.removeAll(keepingCapacity: true)
        guard set(series.metric, value, &scratch) else { return true }
        let size = io__prometheus__client__metric__get_packed_size(series.metric)
        let room = scratch.room(for: size + 1 + Varint.longest, UInt8.self)
        room.initialize(to: metricTag)
        let head = 1 + Varint.write(UInt64(size), to: room + 1)
        let body = io__prometheus__client__metric__pack(series.metric, room + head)
        series.bytes.append(contentsOf: UnsafeBufferPointer(start: room, count: head + body))
        return true
    }

    /// Field 4 of a family, of the wire's kind that is led by a length.
    private static let metricTag: UInt8 = 4 << 3 | 2

    private static func packed(_ family: UnsafeMutablePointer<CFamily>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: io__prometheus__client__metric_family__get_packed_size(family)) { buffer, count in
            count = io__prometheus__client__metric_family__pack(family, buffer.baseAddress)
        }
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

    private static func set(_ metric: UnsafeMutablePointer<CMetric>, _ value: Value, _ scratch: inout Arena) -> Bool {
        switch value {
        case .hidden, .same: return false
        case .number(let number, let exemplar):
            if let counter = metric.pointee.counter {
                counter.pointee.has_value = 1
                counter.pointee.value = number
                counter.pointee.exemplar = exemplar.map { scratch.exemplar($0) }
            } else if let gauge = metric.pointee.gauge {
                gauge.pointee.has_value = 1
                gauge.pointee.value = number
            }
            return true
        case .histogram(let value):
            guard let histogram = metric.pointee.histogram, let buckets = histogram.pointee.bucket else { return false }
            precondition(value.cumulative.count + 1 == histogram.pointee.n_bucket, "as many counts as bounds")
            for place in 0...value.cumulative.count {
                guard let bucket = buckets[place] else { continue }
                bucket.pointee.has_cumulative_count = 1
                bucket.pointee.cumulative_count = place < value.cumulative.count ? value.cumulative[value.cumulative.startIndex + place] : value.count
                bucket.pointee.exemplar = nil
            }
            for (place, exemplar) in value.exemplars { buckets[place]?.pointee.exemplar = scratch.exemplar(exemplar) }
            histogram.pointee.has_sample_count = 1
            histogram.pointee.sample_count = value.count
            histogram.pointee.has_sample_sum = 1
            histogram.pointee.sample_sum = value.sum
            if let native = value.native { set(histogram, native, &scratch) }
            return true
        }
    }

    /// Source: prometheus.io, "Native histograms": buckets that follow each other are a span; each count is told as the difference to the one
    /// before; a histogram that has nothing to tell of itself needs an empty span, by which it is known as a native one.
    private static func set(_ histogram: UnsafeMutablePointer<Io__Prometheus__Client__Histogram>, _ value: NativeHistogram, _ scratch: inout Arena) {
        histogram.pointee.has_schema = 1
        histogram.pointee.schema = value.schema
        histogram.pointee.has_zero_threshold = 1
        histogram.pointee.zero_threshold = value.zeroThreshold
        histogram.pointee.has_zero_count = 1
        histogram.pointee.zero_count = value.zeroCount
        // One for each bucket at most, and the empty one.
        let spans = scratch.room(for: value.buckets.count + 1, UnsafeMutablePointer<Io__Prometheus__Client__BucketSpan>?.self)
        let deltas = scratch.room(for: value.buckets.count, Int64.self)
        var (count, next, before) = (0, 0, UInt64(0))
        for (place, bucket) in value.buckets.enumerated() {
            if place == 0 || bucket.key != next {
                (spans + count).initialize(to: scratch.span(offset: bucket.key - next))
                count += 1
            }
            spans[count - 1]?.pointee.length += 1
            (deltas + place).initialize(to: Int64(bitPattern: bucket.count &- before))
            (next, before) = (bucket.key + 1, bucket.count)
        }
        if count == 0 {
            spans.initialize(to: scratch.span(offset: 0))
            count = 1
        }
        histogram.pointee.n_positive_span = count
        histogram.pointee.positive_span = spans
        histogram.pointee.n_positive_delta = value.buckets.count
        histogram.pointee.positive_delta = deltas
    }
}

extension PrometheusMessages.Family {
    /// Led by its length; nothing where no series is shown.
    fileprivate var packed: [UInt8] {
        let inside = series.reduce(0) { $0 + $1.bytes.count }
        guard inside > 0 else { return [] }
        let size = head.count + inside + tail.count
        var bytes = [UInt8](unsafeUninitializedCapacity: size + Varint.longest) { buffer, count in
            count = buffer.baseAddress.map { Varint.write(UInt64(size), to: $0) } ?? 0
        }
        bytes += head
        for one in series { bytes += one.bytes }
        bytes += tail
        return bytes
    }
}

/// Seven bits a byte, the lowest first; the eighth says that more follow (protobuf.dev, "Encoding").
private enum Varint {
    /// Bytes.
    static let longest = 10

    /// - Returns: how many bytes it took.
    static func write(_ number: UInt64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        var (rest, count) = (number, 0)
        while rest >= 0x80 {
            (target + count).initialize(to: UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
            count += 1
        }
        (target + count).initialize(to: UInt8(rest))
        return count + 1
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

extension Arena {
    fileprivate mutating func pair(name: String, value: String) -> UnsafeMutablePointer<Io__Prometheus__Client__LabelPair>? {
        let pair = make(Io__Prometheus__Client__LabelPair.self, io__prometheus__client__label_pair__init)
        pair.pointee.name = text(name)
        pair.pointee.value = text(value)
        return pair
    }

    fileprivate mutating func timestamp(_ nanoseconds: Int64) -> UnsafeMutablePointer<Io__Prometheus__Client__Timestamp> {
        let time = make(Io__Prometheus__Client__Timestamp.self, io__prometheus__client__timestamp__init)
        time.pointee.has_seconds = 1
        time.pointee.seconds = nanoseconds / 1_000_000_000
        time.pointee.has_nanos = 1
        time.pointee.nanos = Int32(nanoseconds % 1_000_000_000)
        return time
    }

    fileprivate mutating func exemplar(_ exemplar: PrometheusMessages.Exemplar) -> UnsafeMutablePointer<Io__Prometheus__Client__Exemplar> {
        let message = make(Io__Prometheus__Client__Exemplar.self, io__prometheus__client__exemplar__init)
        let pairs = exemplar.labels.map { pair(name: $0.name, value: $0.value) }
        message.pointee.n_label = pairs.count
        message.pointee.label = list(pairs)
        message.pointee.has_value = 1
        message.pointee.value = exemplar.value
        message.pointee.timestamp = timestamp(exemplar.nanoseconds)
        return message
    }

    fileprivate mutating func span(offset: Int) -> UnsafeMutablePointer<Io__Prometheus__Client__BucketSpan>? {
        let span = make(Io__Prometheus__Client__BucketSpan.self, io__prometheus__client__bucket_span__init)
        span.pointee.has_offset = 1
        span.pointee.offset = Int32(offset)
        span.pointee.has_length = 1
        return span
    }
}
