/// The formats in which `/metrics` can be read.
public enum ExpositionFormat: String, Sendable, CaseIterable {
    /// The one for who says nothing, and the first choice among equals.
    case text
    case openMetrics
    /// The same bytes for who knows OpenMetrics only by the number of its draft.
    case openMetricsDraft
    case protobuf

    /// Source: prometheus.io, "Exposition formats".
    public var contentType: String {
        switch self {
        case .text: PrometheusText.contentType
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        case .openMetricsDraft: "application/openmetrics-text; version=0.0.1; charset=utf-8"
        case .protobuf: "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
        }
    }

    /// What it answers to. A parameter that an `Accept` names must have this value; others, such as `escaping`, do not matter.
    var mediaType: MediaType {
        switch self {
        case .text: MediaType(type: "text", subtype: "plain", parameters: ["version": "0.0.4"])
        case .openMetrics: MediaType(type: "application", subtype: "openmetrics-text", parameters: ["version": "1.0.0"])
        case .openMetricsDraft: MediaType(type: "application", subtype: "openmetrics-text", parameters: ["version": "0.0.1"])
        case .protobuf:
            MediaType(
                type: "application", subtype: "vnd.google.protobuf",
                parameters: ["proto": "io.prometheus.client.metricfamily", "encoding": "delimited"])
        }
    }

    /// The format that an `Accept` prefers: by quality, among equals by its place in the header, then by our order. What is not known is
    /// answered with the text, as Prometheus' own libraries do; nil only where the header excludes every format there is.
    public static func preferred(by accept: String?) -> ExpositionFormat? {
        let ranges = AcceptHeader(accept ?? "").ranges
        let wishes = allCases.map { format in (format: format, wish: ranges.wish(for: format.mediaType)) }
        let wanted = wishes.filter { $0.wish.map { $0.quality > 0 } ?? false }
        let best = wanted.min { left, right in
            guard let left = left.wish, let right = right.wish else { return false }
            return (-left.quality, left.place) < (-right.quality, right.place)
        }
        return best?.format ?? wishes.first { $0.wish == nil }?.format
    }
}

struct MediaType: Sendable, Equatable {
    var type: String
    var subtype: String
    /// Names and values in lower case.
    var parameters: [String: String] = [:]
}
