public import Events
public import Transport

/// Puts the figures of a run to a Pushgateway: those of each pipeline in a group of its own, `job` and `pipeline`, and those of the process in the group
/// `job`. PUT replaces a whole group, so what a pipeline no longer has is gone with the next run.
///
/// Source: github.com/prometheus/pushgateway, README, "API".
public struct Pushgateway: Sendable {
    /// The longest that a run waits for it, over all its groups.
    public static let bound = Duration.seconds(10)
    public static let job = "vitrine"
    private static let answerLimit = 64 << 10

    private let url: String
    private let transport: any HTTPTransport
    private let world: DeliveryWorld

    /// - Parameter url: `http://HOST:9091`, without a path of ours.
    public init(url: String, transport: any HTTPTransport, world: DeliveryWorld) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.transport = transport
        self.world = world
    }

    /// Never throws: what does not arrive is told and counted.
    /// - Parameter pipelines: those that the run has worked on; the groups of others stay as they are.
    /// - Returns: whether all of it arrived.
    public func push(_ snapshot: MetricSnapshot, pipelines: [String], within bound: Duration = bound, reporter: Reporter) async -> Bool {
        let groups = [(path: "/metrics/job/\(Self.job)", text: Self.text(snapshot, pipeline: nil))]
            + pipelines.map { (path: "/metrics/job/\(Self.job)/\(Self.segment("pipeline", $0))", text: Self.text(snapshot, pipeline: $0)) }
        let failures = await withTaskGroup { group in
            group.addTask { await put(groups, within: bound) }
            return await group.reduce(into: [Failure]()) { $0 += $1 }
        }
        for failure in failures {
            reporter.report(TelemetryEvent.exportDropped(sink: .pushgateway, lost: failure.lines, culprit: failure.culprit, remedy: failure.remedy))
        }
        return failures.isEmpty
    }

    private struct Failure: Sendable {
        let lines: Int
        let culprit: String
        let remedy: String
    }

    /// One after the other; what is not done when the time is over is told as such.
    private func put(_ groups: [(path: String, text: [UInt8])], within bound: Duration) async -> [Failure] {
        let end = world.now() + bound
        var failures: [Failure] = []
        for (path, text) in groups {
            let rest = end - world.now()
            guard rest > .zero else {
                failures.append(Failure(lines: Self.lines(text), culprit: "\(url)\(path): no time was left", remedy: "See how the Pushgateway is."))
                continue
            }
            if let failure = await put(text, to: path, within: rest) { failures.append(failure) }
        }
        return failures
    }

    /// Nil where it was taken.
    private func put(_ text: [UInt8], to path: String, within bound: Duration) async -> Failure? {
        // A Pushgateway has no TLS of its own and is told no secret.
        let request = HTTPRequest(
            .put, url + path, api: "pushgateway", headers: [(name: "Content-Type", value: PrometheusText.contentType)], body: text, timeout: bound,
            connectTimeout: min(bound, HTTPRequest.defaultConnectTimeout), answerLimit: Self.answerLimit, plainHTTP: .anyHost)
        do throws(TransportError) {
            let answer = try await transport.send(request)
            if (200..<300).contains(answer.status) { return nil }
            let words = String(decoding: answer.body.prefix(300), as: UTF8.self)
            return Failure(
                lines: Self.lines(text), culprit: "\(url)\(path): HTTP \(answer.status): \(words)",
                remedy: "Check telemetry.prometheus.pushgateway; a group that another version has filled is deleted with DELETE \(path).")
        } catch {
            return Failure(lines: Self.lines(text), culprit: error.culprit, remedy: error.remedy)
        }
    }

    private static func lines(_ text: [UInt8]) -> Int { text.split(separator: UInt8(ascii: "\n")).count { $0.first != UInt8(ascii: "#") } }

    /// The families of one pipeline, with only its series; or for nil those that belong to no pipeline. The gateway puts the labels of the group on all
    /// of them, so none may have another value there.
    private static func text(_ snapshot: MetricSnapshot, pipeline: String?) -> [UInt8] {
        let families = snapshot.exposed.filter { $0.hasPipeline == (pipeline != nil) }
        return PrometheusText(families: families) { labels in
            pipeline == nil || labels.contains { $0.name == LabelName.pipeline.rawValue && $0.value == pipeline }
        }.render(snapshot)
    }

    /// `name/value`, or `name@base64/…` for what a path cannot hold.
    static func segment(_ name: String, _ value: String) -> String {
        let isPlain = !value.isEmpty && value != "." && value != ".." && value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isPlain ? "\(name)/\(value)" : "\(name)@base64/\(base64URL(Array(value.utf8)))"
    }

    /// RFC 4648, 5, without padding but for nothing at all, which is `=`.
    private static func base64URL(_ bytes: [UInt8]) -> String {
        if bytes.isEmpty { return "=" }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0...group.count { text.append(alphabet[Int(bits >> UInt32(18 - 6 * place) & 63)]) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
