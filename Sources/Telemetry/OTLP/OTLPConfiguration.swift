public import Events
import Transport

/// Where and how to send, from the settings and OpenTelemetry's own variables. Source: OpenTelemetry specification, "OpenTelemetry Protocol Exporter" and
/// "Environment Variable Specification".
public struct OTLPConfiguration: Sendable, Equatable {
    public enum Signal: String, Sendable, CaseIterable {
        case metrics, logs, traces

        var path: String { "v1/\(rawValue)" }
        fileprivate var variable: String { "OTEL_EXPORTER_OTLP_\(rawValue.uppercased())_" }
    }

    public struct Target: Sendable, Equatable {
        public var url: String
        /// May hold a key to the receiver.
        public var headers: [Header]
        /// Of one try.
        public var timeout: Duration
        public var packs: Bool
    }

    public struct Header: Sendable, Equatable {
        public let name: String
        public let value: Secret
    }

    public static let defaultTimeout = Duration.seconds(10)

    /// Signals that are sent, at least one.
    public private(set) var targets: [Signal: Target] = [:]
    /// `service.name` and what else is said of this process, without what the process knows of itself.
    public private(set) var resource: [(key: String, value: String)] = []

    public static func == (left: OTLPConfiguration, right: OTLPConfiguration) -> Bool {
        left.targets == right.targets && left.resource.elementsEqual(right.resource) { $0 == $1 }
    }

    /// What the sinks have to look for.
    public var secrets: [Secret] { targets.values.flatMap(\.headers).map(\.value) }

    /// Nil where nothing is to be sent.
    /// - Parameter endpoint: of the settings; without a path. Goes before `OTEL_EXPORTER_OTLP_ENDPOINT`.
    /// - Throws: a variable that says what we cannot do. Silence would be a lie.
    public init?(endpoint: String?, environment: [String: String]) throws(OTLPConfigurationError) {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard variable("OTEL_SDK_DISABLED")?.lowercased() != "true" else { return nil }
        let general = endpoint ?? variable("OTEL_EXPORTER_OTLP_ENDPOINT")
        for signal in Signal.allCases {
            func own(_ name: String) -> (name: String, value: String)? {
                for whole in [signal.variable + name, "OTEL_EXPORTER_OTLP_" + name] { if let value = variable(whole) { return (whole, value) } }
                return nil
            }
            guard let url = try Self.url(signal, own: variable(signal.variable + "ENDPOINT"), general: general) else { continue }
            if variable("OTEL_\(signal.rawValue.uppercased())_EXPORTER") == "none" { continue }
            if let asked = own("PROTOCOL"), asked.value != "http/protobuf" {
                throw OTLPConfigurationError(variable: asked.name, value: asked.value, remedy: "Vitrine speaks http/protobuf: set that, and the port of the receiver for it (usually 4318)")
            }
            var target = Target(url: url, headers: [], timeout: Self.defaultTimeout, packs: true)
            if let asked = own("HEADERS") { target.headers = try Self.headers(asked.name, asked.value) }
            if let asked = own("TIMEOUT") {
                guard let milliseconds = Int(asked.value), (1...600_000).contains(milliseconds) else {
                    throw OTLPConfigurationError(variable: asked.name, value: asked.value, remedy: "write milliseconds, 1 to 600000, such as 10000")
                }
                target.timeout = .milliseconds(milliseconds)
            }
            if let asked = own("COMPRESSION") {
                guard ["gzip", "none"].contains(asked.value) else {
                    throw OTLPConfigurationError(variable: asked.name, value: asked.value, remedy: "write gzip or none")
                }
                target.packs = asked.value == "gzip"
            }
            try Self.checkSending(target, place: variable(signal.variable + "ENDPOINT") == nil ? "OTEL_EXPORTER_OTLP_ENDPOINT" : signal.variable + "ENDPOINT", headers: own("HEADERS")?.name)
            targets[signal] = target
        }
        guard !targets.isEmpty else { return nil }
        let given = try Self.pairs("OTEL_RESOURCE_ATTRIBUTES", variable("OTEL_RESOURCE_ATTRIBUTES") ?? "")
        let name = variable("OTEL_SERVICE_NAME") ?? given.first { $0.key == "service.name" }?.value ?? "vitrine"
        resource = [("service.name", name)] + given.filter { $0.key != "service.name" }
    }

    /// A general address gets the path of the signal; one of a signal's own is taken as it is.
    private static func url(_ signal: Signal, own: String?, general: String?) throws(OTLPConfigurationError) -> String? {
        if let own {
            try check(signal.variable + "ENDPOINT", own)
            let rest = own.drop { $0 != "/" }.dropFirst(2)
            return rest.contains("/") ? own : own + "/"
        }
        guard let general else { return nil }
        try check("OTEL_EXPORTER_OTLP_ENDPOINT", general)
        return general + (general.hasSuffix("/") ? "" : "/") + signal.path
    }

    private static func check(_ name: String, _ url: String) throws(OTLPConfigurationError) {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw OTLPConfigurationError(variable: name, value: url, remedy: "write http://HOST:4318 or https://HOST")
        }
    }

    /// What would fail with every delivery is told at start. Neither the value of a header nor the query of a URL is: each may be a key.
    private static func checkSending(_ target: Target, place: String, headers: String?) throws(OTLPConfigurationError) {
        do throws(TransportError) {
            try OTLPSender.check(target)
        } catch {
            switch (error.reason, headers) {
            case (.refusedPlainHTTP, let headers?):
                throw OTLPConfigurationError(
                    variable: headers, value: "… for \(target.url.prefix { $0 != "?" })",
                    remedy: "a key must not cross a network in the open: use https, a collector on this machine that passes on (http://127.0.0.1:4318), or no headers")
            case (.badHeader, let headers?): throw OTLPConfigurationError(variable: headers, value: "…", remedy: error.remedy)
            default: throw OTLPConfigurationError(variable: place, value: String(target.url.prefix { $0 != "?" && $0 != "@" }), remedy: error.remedy)
            }
        }
    }

    private static func headers(_ name: String, _ text: String) throws(OTLPConfigurationError) -> [Header] {
        try pairs(name, text).map { Header(name: $0.key, value: Secret($0.value)) }
    }

    /// `key=value,key2=value2`, percent-encoded as in W3C's baggage.
    private static func pairs(_ name: String, _ text: String) throws(OTLPConfigurationError) -> [(key: String, value: String)] {
        var pairs: [(key: String, value: String)] = []
        for part in text.split(separator: ",") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { trimmed($0) }
            guard halves.count == 2, !halves[0].isEmpty, let value = decoded(halves[1]) else {
                // Not the value: it may be a key.
                throw OTLPConfigurationError(variable: name, value: "…", remedy: "write key=value,key2=value2, other signs percent-encoded")
            }
            pairs.append((key: String(halves[0]), value: value))
        }
        return pairs
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " }
        return start.dropLast(start.reversed().prefix { $0 == " " }.count)
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// A variable of OpenTelemetry's that cannot be followed.
public struct OTLPConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    public let variable: String
    public let value: String
    public let remedy: String
    public var description: String { "\(variable)=\(value) cannot be followed; \(remedy)" }
}
