private import CProtobufC

extension OTLP {
    /// The body of a POST to `/v1/metrics`.
    public static func metrics(_ metrics: [Metric], from origin: Origin) -> [UInt8] {
        var arena = Arena()
        let scope = arena.make(Otlp__ScopeMetrics.self, otlp__scope_metrics__init)
        scope.pointee.scope = arena.scope(origin)
        let list = metrics.map { arena.metric($0) }
        scope.pointee.n_metrics = list.count
        scope.pointee.metrics = arena.list(list)
        let resource = arena.make(Otlp__ResourceMetrics.self, otlp__resource_metrics__init)
        resource.pointee.resource = arena.resource(origin)
        resource.pointee.n_scope_metrics = 1
        resource.pointee.scope_metrics = arena.list([scope])
        let request = arena.make(Otlp__ExportMetricsServiceRequest.self, otlp__export_metrics_service_request__init)
        request.pointee.n_resource_metrics = 1
        request.pointee.resource_metrics = arena.list([resource])
        return bytes(otlp__export_metrics_service_request__get_packed_size(request)) { otlp__export_metrics_service_request__pack(request, $0) }
    }

    /// The body of a POST to `/v1/logs`.
    public static func logs(_ records: [LogRecord], from origin: Origin) -> [UInt8] {
        var arena = Arena()
        let scope = arena.make(Otlp__ScopeLogs.self, otlp__scope_logs__init)
        scope.pointee.scope = arena.scope(origin)
        let list = records.map { arena.record($0) }
        scope.pointee.n_log_records = list.count
        scope.pointee.log_records = arena.list(list)
        let resource = arena.make(Otlp__ResourceLogs.self, otlp__resource_logs__init)
        resource.pointee.resource = arena.resource(origin)
        resource.pointee.n_scope_logs = 1
        resource.pointee.scope_logs = arena.list([scope])
        let request = arena.make(Otlp__ExportLogsServiceRequest.self, otlp__export_logs_service_request__init)
        request.pointee.n_resource_logs = 1
        request.pointee.resource_logs = arena.list([resource])
        return bytes(otlp__export_logs_service_request__get_packed_size(request)) { otlp__export_logs_service_request__pack(request, $0) }
    }

    /// The body of a POST to `/v1/traces`.
    public static func traces(_ spans: [Span], from origin: Origin) -> [UInt8] {
        var arena = Arena()
        let scope = arena.make(Otlp__ScopeSpans.self, otlp__scope_spans__init)
        scope.pointee.scope = arena.scope(origin)
        let list = spans.map { arena.span($0) }
        scope.pointee.n_spans = list.count
        scope.pointee.spans = arena.list(list)
        let resource = arena.make(Otlp__ResourceSpans.self, otlp__resource_spans__init)
        resource.pointee.resource = arena.resource(origin)
        resource.pointee.n_scope_spans = 1
        resource.pointee.scope_spans = arena.list([scope])
        let request = arena.make(Otlp__ExportTraceServiceRequest.self, otlp__export_trace_service_request__init)
        request.pointee.n_resource_spans = 1
        request.pointee.resource_spans = arena.list([resource])
        return bytes(otlp__export_trace_service_request__get_packed_size(request)) { otlp__export_trace_service_request__pack(request, $0) }
    }

    /// Reads the body of an answer to any of the three. Nil where it names nothing, or is no such message.
    public static func partialSuccess(in body: [UInt8]) -> PartialSuccess? {
        guard let answer = otlp__export_service_response__unpack(nil, body.count, body) else { return nil }
        defer { otlp__export_service_response__free_unpacked(answer, nil) }
        guard let part = answer.pointee.partial_success else { return nil }
        let message = part.pointee.error_message.map { String(cString: $0) } ?? ""
        let rejected = part.pointee.has_rejected != 0 ? Int(part.pointee.rejected) : 0
        return rejected == 0 && message.isEmpty ? nil : PartialSuccess(rejected: max(0, rejected), message: message)
    }

    /// Reads the body of a refusal, a `google.rpc.Status`. Nil where it is none.
    public static func refusal(in body: [UInt8]) -> String? {
        guard let status = otlp__rpc_status__unpack(nil, body.count, body) else { return nil }
        defer { otlp__rpc_status__free_unpacked(status, nil) }
        return status.pointee.message.map { String(cString: $0) }
    }

    private static func bytes(_ size: Int, _ pack: (UnsafeMutablePointer<UInt8>?) -> Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { buffer, count in count = pack(buffer.baseAddress) }
    }
}

extension Arena {
    fileprivate mutating func scope(_ origin: OTLP.Origin) -> UnsafeMutablePointer<Otlp__InstrumentationScope> {
        let scope = make(Otlp__InstrumentationScope.self, otlp__instrumentation_scope__init)
        scope.pointee.name = text(whole: origin.scope)
        scope.pointee.version = text(whole: origin.version)
        return scope
    }

    fileprivate mutating func resource(_ origin: OTLP.Origin) -> UnsafeMutablePointer<Otlp__Resource> {
        let resource = make(Otlp__Resource.self, otlp__resource__init)
        resource.pointee.n_attributes = origin.resource.count
        resource.pointee.attributes = attributes(origin.resource)
        return resource
    }

    fileprivate mutating func metric(_ metric: OTLP.Metric) -> UnsafeMutablePointer<Otlp__Metric>? {
        let message = make(Otlp__Metric.self, otlp__metric__init)
        message.pointee.name = text(whole: metric.name)
        message.pointee.description = text(whole: metric.help)
        message.pointee.unit = text(whole: metric.unit)
        switch metric.points {
        case .gauge(let points):
            let gauge = make(Otlp__Gauge.self, otlp__gauge__init)
            let list = points.map { point($0) }
            gauge.pointee.n_data_points = list.count
            gauge.pointee.data_points = self.list(list)
            message.pointee.data_case = OTLP__METRIC__DATA_GAUGE
            message.pointee.gauge = gauge
        case .sum(let points):
            let sum = make(Otlp__Sum.self, otlp__sum__init)
            let list = points.map { point($0) }
            sum.pointee.n_data_points = list.count
            sum.pointee.data_points = self.list(list)
            sum.pointee.has_aggregation_temporality = 1
            sum.pointee.aggregation_temporality = OTLP__AGGREGATION_TEMPORALITY__AGGREGATION_TEMPORALITY_CUMULATIVE
            sum.pointee.has_is_monotonic = 1
            sum.pointee.is_monotonic = 1
            message.pointee.data_case = OTLP__METRIC__DATA_SUM
            message.pointee.sum = sum
        case .histogram(let points):
            let histogram = make(Otlp__Histogram.self, otlp__histogram__init)
            let list = points.map { point($0) }
            histogram.pointee.n_data_points = list.count
            histogram.pointee.data_points = self.list(list)
            histogram.pointee.has_aggregation_temporality = 1
            histogram.pointee.aggregation_temporality = OTLP__AGGREGATION_TEMPORALITY__AGGREGATION_TEMPORALITY_CUMULATIVE
            message.pointee.data_case = OTLP__METRIC__DATA_HISTOGRAM
            message.pointee.histogram = histogram
        }
        return message
    }

    private mutating func point(_ point: OTLP.NumberPoint) -> UnsafeMutablePointer<Otlp__NumberDataPoint>? {
        let message = make(Otlp__NumberDataPoint.self, otlp__number_data_point__init)
        message.pointee.n_attributes = point.attributes.count
        message.pointee.attributes = attributes(point.attributes)
        message.pointee.has_start_time_unix_nano = point.start > 0 ? 1 : 0
        message.pointee.start_time_unix_nano = point.start
        message.pointee.has_time_unix_nano = 1
        message.pointee.time_unix_nano = point.time
        switch point.number {
        case .integer(let number):
            message.pointee.value_case = OTLP__NUMBER_DATA_POINT__VALUE_AS_INT
            message.pointee.as_int = number
        case .number(let number):
            message.pointee.value_case = OTLP__NUMBER_DATA_POINT__VALUE_AS_DOUBLE
            message.pointee.as_double = number
        }
        let list = point.exemplars.map { exemplar($0) }
        message.pointee.n_exemplars = list.count
        message.pointee.exemplars = self.list(list)
        return message
    }

    private mutating func point(_ point: OTLP.HistogramPoint) -> UnsafeMutablePointer<Otlp__HistogramDataPoint>? {
        let message = make(Otlp__HistogramDataPoint.self, otlp__histogram_data_point__init)
        message.pointee.n_attributes = point.attributes.count
        message.pointee.attributes = attributes(point.attributes)
        message.pointee.has_start_time_unix_nano = point.start > 0 ? 1 : 0
        message.pointee.start_time_unix_nano = point.start
        message.pointee.has_time_unix_nano = 1
        message.pointee.time_unix_nano = point.time
        message.pointee.has_count = 1
        message.pointee.count = point.counts.reduce(0, &+)
        message.pointee.has_sum = 1
        message.pointee.sum = point.sum
        message.pointee.n_bucket_counts = point.counts.count
        message.pointee.bucket_counts = numbers(point.counts)
        message.pointee.n_explicit_bounds = point.bounds.count
        message.pointee.explicit_bounds = numbers(point.bounds)
        let list = point.exemplars.map { exemplar($0) }
        message.pointee.n_exemplars = list.count
        message.pointee.exemplars = self.list(list)
        return message
    }

    private mutating func exemplar(_ exemplar: OTLP.Exemplar) -> UnsafeMutablePointer<Otlp__Exemplar>? {
        let message = make(Otlp__Exemplar.self, otlp__exemplar__init)
        message.pointee.has_time_unix_nano = 1
        message.pointee.time_unix_nano = exemplar.time
        message.pointee.value_case = OTLP__EXEMPLAR__VALUE_AS_DOUBLE
        message.pointee.as_double = exemplar.value
        message.pointee.has_trace_id = 1
        message.pointee.trace_id = data(exemplar.trace)
        message.pointee.has_span_id = exemplar.span.isEmpty ? 0 : 1
        message.pointee.span_id = data(exemplar.span)
        return message
    }

    fileprivate mutating func record(_ record: OTLP.LogRecord) -> UnsafeMutablePointer<Otlp__LogRecord>? {
        let message = make(Otlp__LogRecord.self, otlp__log_record__init)
        message.pointee.has_time_unix_nano = 1
        message.pointee.time_unix_nano = record.time
        message.pointee.has_observed_time_unix_nano = 1
        message.pointee.observed_time_unix_nano = record.time
        message.pointee.has_severity_number = 1
        message.pointee.severity_number = record.severity
        message.pointee.severity_text = text(whole: record.severityText)
        message.pointee.event_name = text(whole: record.event)
        message.pointee.body = value(.text(record.body))
        message.pointee.n_attributes = record.attributes.count
        message.pointee.attributes = attributes(record.attributes)
        message.pointee.has_trace_id = record.trace.isEmpty ? 0 : 1
        message.pointee.trace_id = data(record.trace)
        message.pointee.has_span_id = record.span.isEmpty ? 0 : 1
        message.pointee.span_id = data(record.span)
        message.pointee.has_flags = record.trace.isEmpty ? 0 : 1
        message.pointee.flags = Self.sampled
        return message
    }

    fileprivate mutating func span(_ span: OTLP.Span) -> UnsafeMutablePointer<Otlp__Span>? {
        let message = make(Otlp__Span.self, otlp__span__init)
        message.pointee.has_trace_id = 1
        message.pointee.trace_id = data(span.trace)
        message.pointee.has_span_id = 1
        message.pointee.span_id = data(span.span)
        message.pointee.has_parent_span_id = span.parent.isEmpty ? 0 : 1
        message.pointee.parent_span_id = data(span.parent)
        message.pointee.name = text(whole: span.name)
        message.pointee.has_kind = 1
        message.pointee.kind = span.kind.rawValue
        message.pointee.has_start_time_unix_nano = 1
        message.pointee.start_time_unix_nano = span.start
        message.pointee.has_end_time_unix_nano = 1
        message.pointee.end_time_unix_nano = span.end
        message.pointee.n_attributes = span.attributes.count
        message.pointee.attributes = attributes(span.attributes)
        message.pointee.has_flags = 1
        message.pointee.flags = Self.sampled
        if let failure = span.failure {
            let status = make(Otlp__Status.self, otlp__status__init)
            status.pointee.has_code = 1
            status.pointee.code = Self.error
            status.pointee.message = text(whole: failure)
            message.pointee.status = status
        }
        return message
    }

    /// W3C trace flags: bit 0.
    private static let sampled: UInt32 = 1
    /// STATUS_CODE_ERROR.
    private static let error: Int32 = 2

    private mutating func attributes(_ attributes: [OTLP.Attribute]) -> UnsafeMutablePointer<UnsafeMutablePointer<Otlp__KeyValue>?> {
        list(
            attributes.map { attribute -> UnsafeMutablePointer<Otlp__KeyValue>? in
                let pair = make(Otlp__KeyValue.self, otlp__key_value__init)
                pair.pointee.key = text(whole: attribute.key)
                pair.pointee.value = value(attribute.value)
                return pair
            })
    }

    private mutating func value(_ value: OTLP.Value) -> UnsafeMutablePointer<Otlp__AnyValue> {
        let message = make(Otlp__AnyValue.self, otlp__any_value__init)
        switch value {
        case .text(let text):
            message.pointee.value_case = OTLP__ANY_VALUE__VALUE_STRING_VALUE
            message.pointee.string_value = self.text(whole: text)
        case .integer(let number):
            message.pointee.value_case = OTLP__ANY_VALUE__VALUE_INT_VALUE
            message.pointee.int_value = number
        case .number(let number):
            message.pointee.value_case = OTLP__ANY_VALUE__VALUE_DOUBLE_VALUE
            message.pointee.double_value = number
        case .flag(let flag):
            message.pointee.value_case = OTLP__ANY_VALUE__VALUE_BOOL_VALUE
            message.pointee.bool_value = flag ? 1 : 0
        }
        return message
    }

    private mutating func data(_ bytes: [UInt8]) -> ProtobufCBinaryData { ProtobufCBinaryData(len: bytes.count, data: numbers(bytes)) }

    /// C ends a text at a zero; one inside of it becomes U+FFFD, so that nothing behind it is lost.
    private mutating func text(whole text: String) -> UnsafeMutablePointer<CChar> {
        self.text(text.utf8.contains(0) ? String(text.map { $0 == "\0" ? "\u{FFFD}" : $0 }) : text)
    }
}
