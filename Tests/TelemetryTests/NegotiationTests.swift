import Telemetry
import Testing

@Suite("Which format a scrape gets")
struct NegotiationTests {
    private static let prometheusProtobuf =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"

    static let headers: [(accept: String?, format: ExpositionFormat)] = [
        (nil, .text), ("", .text), ("*/*", .text), ("text/plain", .text), ("text/*", .text), ("application/*", .openMetrics),
        // Prometheus 2.42, without and with native histograms.
        ("application/openmetrics-text; version=1.0.0,application/openmetrics-text; version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetrics),
        ("\(prometheusProtobuf),application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .protobuf),
        // Prometheus 3: texts of another version are not ours.
        (
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            .openMetrics
        ),
        ("\(prometheusProtobuf);escaping=allow-utf-8;q=0.7,text/plain;version=0.0.4;q=0.3", .protobuf),
        ("\(prometheusProtobuf);q=0.2,text/plain;version=0.0.4;q=0.3", .text),
        ("text/plain;q=0.5, \(prometheusProtobuf);q=0.5", .text), ("\(prometheusProtobuf);q=0.5, text/plain;q=0.5", .protobuf),
        // A protobuf that is not delimited, or of something else, is not ours.
        ("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text", .text),
        ("application/vnd.google.protobuf;proto=other.Message;encoding=delimited", .text),
        ("APPLICATION/VND.GOOGLE.PROTOBUF; PROTO=\"io.prometheus.client.MetricFamily\" ; encoding=Delimited ; Q=1.000", .protobuf),
        // A no is a no; the exact word beats the star.
        ("text/plain;q=0, */*;q=0.5", .openMetrics), ("*/*;q=0.5, text/plain;q=0", .openMetrics), ("*/*;q=0, text/plain;q=0.1", .text),
        // Where nothing of ours is wanted there is the text, as for who says nothing.
        ("*/*;q=0", .text), ("text/plain;q=0", .text), ("text/plain;q=0,application/openmetrics-text;q=0", .text), ("application/openmetrics-text;q=0", .text),
        ("text/plain;q=0,application/vnd.google.protobuf;q=0,application/openmetrics-text;q=0", .text), ("text/plain;q=0, text/html", .text),
        ("text/plain;q=0, application/openmetrics-text;q=0.1", .openMetrics),
        ("application/openmetrics-text", .openMetrics), ("application/openmetrics-text;version=0.0.1", .openMetricsDraft),
        ("application/openmetrics-text;version=1.0.0;q=0.3,application/openmetrics-text;version=0.0.1;q=0.4", .openMetricsDraft),
        ("application/openmetrics-text;version=2.0.0, text/plain;q=0.1", .text), ("application/openmetrics-text;q=0.2,\(prometheusProtobuf);q=0.3,text/plain;q=0.1", .protobuf),
        // What cannot be read is left out.
        ("text/html", .text), ("text/plain;q=2", .text), (";;;,,,", .text), ("/", .text), ("text/plain;q=abc,application/*;q=0.1", .openMetrics),
        ("*/plain", .text), ("application/json, text/javascript", .text),
    ]

    @Test("asked", arguments: headers)
    func asked(accept: String?, format: ExpositionFormat) { #expect(ExpositionFormat.preferred(by: accept) == format) }

    @Test("a header without end is read to a bound")
    func bound() {
        let endless = String(repeating: "text/html,", count: 100_000) + "application/*"
        #expect(ExpositionFormat.preferred(by: endless) == .text)
    }

    @Test(
        "packed only where that is asked for",
        arguments: [
            (nil, false), ("", false), ("gzip", true), ("identity", false), ("gzip;q=0", false), ("*", true), ("*;q=0", false), ("deflate, GZIP;q=0.5", true),
            ("gzip;q=0, *", false), ("zstd,gzip", true), ("gzipped", false),
        ] as [(String?, Bool)])
    func packed(acceptEncoding: String?, expected: Bool) { #expect(ContentCoding.allowsGzip(acceptEncoding) == expected) }
}
