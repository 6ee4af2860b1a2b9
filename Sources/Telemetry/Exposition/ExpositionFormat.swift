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

    /// The format that an `Accept` prefers: by quality, among equals by its place in the header, then by our order. What is not known, or refused whole, is
    /// answered with the text, as Prometheus' own libraries do (RFC 9110, 12.5.1, leaves that to the server).
    public static func preferred(by accept: String?) -> ExpositionFormat {
        let ranges = AcceptHeader(accept ?? "").ranges
        let wishes = allCases.compactMap { format in ranges.wish(for: format.mediaType).map { (format: format, wish: $0) } }
        let best = wishes.filter { $0.wish.quality > 0 }.min { (-$0.wish.quality, $0.wish.place) < (-$1.wish.quality, $1.wish.place) }
        return best?.format ?? .text
    }
}

struct MediaType: Sendable, Equatable {
    var type: String
    var subtype: String
    /// Names and values in lower case.
    var parameters: [String: String] = [:]
}
