import Events
import Telemetry
import Testing

@Suite("OpenTelemetry's variables")
struct OTLPConfigurationTests {
    private func urls(_ endpoint: String?, _ environment: [String: String]) throws -> [String: String] {
        let configuration = try OTLPConfiguration(endpoint: endpoint, environment: environment)
        return Dictionary(uniqueKeysWithValues: (configuration?.targets ?? [:]).map { ($0.key.rawValue, $0.value.url) })
    }

    @Test("say where: a general address gets a path, one of a signal's own is taken as it is, the settings go before the general one")
    func places() throws {
        #expect(try urls(nil, [:]).isEmpty)
        let all = ["metrics": "http://c:4318/v1/metrics", "logs": "http://c:4318/v1/logs", "traces": "http://c:4318/v1/traces"]
        #expect(try urls("http://c:4318", [:]) == all && urls("http://c:4318/", [:]) == all)
        #expect(try urls(nil, ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"]) == all)
        #expect(try urls("http://c:4318", ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://other"]) == all)
        #expect(try urls(nil, ["OTEL_EXPORTER_OTLP_ENDPOINT": "https://c/otlp"])["logs"] == "https://c/otlp/v1/logs")
        #expect(try urls(nil, ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://t"]) == ["traces": "https://t/"])
        #expect(try urls("http://c:4318", ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "https://l/in"])["logs"] == "https://l/in")
        #expect(try urls("http://c:4318", ["OTEL_SDK_DISABLED": "TRUE"]).isEmpty)
        #expect(try urls("http://c:4318", ["OTEL_LOGS_EXPORTER": "none"]).keys.sorted() == ["metrics", "traces"])
        #expect(try urls("http://c:4318", ["OTEL_EXPORTER_OTLP_ENDPOINT": "", "OTEL_EXPORTER_OTLP_PROTOCOL": ""]) == all)
    }

    @Test("say how: headers and their own, timeout, packing, and who speaks")
    func manners() throws {
        let configuration = try #require(
            try OTLPConfiguration(
                endpoint: "https://c",
                environment: [
                    "OTEL_EXPORTER_OTLP_HEADERS": "api-key=a%2Cb, x-team = shop", "OTEL_EXPORTER_OTLP_LOGS_HEADERS": "api-key=logs", "OTEL_EXPORTER_OTLP_TIMEOUT": "2500",
                    "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION": "none", "OTEL_RESOURCE_ATTRIBUTES": "service.name=ignored,deployment.environment=a%20b", "OTEL_SERVICE_NAME": "shop-sync",
                ]))
        let logs = try #require(configuration.targets[.logs])
        let metrics = try #require(configuration.targets[.metrics])
        #expect(logs.headers.map { "\($0.name)=\($0.value.reveal())" } == ["api-key=logs"])
        #expect(metrics.headers.map { "\($0.name)=\($0.value.reveal())" } == ["api-key=a,b", "x-team=shop"])
        #expect(metrics.timeout == .milliseconds(2500) && !metrics.packs && logs.packs)
        #expect(configuration.resource.map { "\($0.key)=\($0.value)" } == ["service.name=shop-sync", "deployment.environment=a b"])
        #expect(Set(configuration.secrets.map { $0.reveal() }) == ["a,b", "shop", "logs"])
        #expect(!"\(configuration)".contains("a,b"))
        let plain = try #require(try OTLPConfiguration(endpoint: "https://c", environment: [:]))
        #expect(plain.resource.map(\.value) == ["vitrine"] && plain.targets[.logs]?.timeout == .seconds(10))
    }

    @Test(
        "that cannot be followed are refused by name, and without the value of a header",
        arguments: [
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http/protobuf"), ("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "http/json", "4318"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "milliseconds"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", "gzip"), ("OTEL_EXPORTER_OTLP_HEADERS", "sesame", "key=value"), ("OTEL_EXPORTER_OTLP_HEADERS", "k=sesame%zz", "percent"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "c:4317", "http://"), ("OTEL_RESOURCE_ATTRIBUTES", "=x", "key=value"),
        ])
    func refused(variable: String, value: String, says: String) {
        let error = #expect(throws: OTLPConfigurationError.self) { try OTLPConfiguration(endpoint: "http://c:4318", environment: [variable: value]) }
        #expect(error?.description.contains(variable) == true && error?.description.contains(says) == true && error?.description.contains("sesame") == false)
    }

    @Test("keys that would cross a network in the open are refused at start, with the way out; to this machine, over TLS or without keys all is well")
    func open() throws {
        let keys = ["OTEL_EXPORTER_OTLP_HEADERS": "api-key=open-sesame"]
        let error = #expect(throws: OTLPConfigurationError.self) { try OTLPConfiguration(endpoint: "http://collector.example:4318", environment: keys) }
        #expect(error?.variable == "OTEL_EXPORTER_OTLP_HEADERS" && error?.value == "… for http://collector.example:4318/v1/metrics")
        #expect(error?.remedy.contains("https") == true && error?.description.contains("sesame") == false)
        for place in ["http://127.0.0.1:4318", "http://localhost:4318", "http://[::1]:4318", "https://collector.example"] { #expect(try urls(place, keys).count == 3) }
        #expect(try urls("http://collector.example:4318", [:]).count == 3)
        // Of one signal only.
        let own = [
            "OTEL_EXPORTER_OTLP_LOGS_HEADERS": "api-key=open-sesame", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "http://logs.example/in?key=open-sesame",
        ]
        let one = #expect(throws: OTLPConfigurationError.self) { try OTLPConfiguration(endpoint: "https://collector.example", environment: own) }
        #expect(one?.variable == "OTEL_EXPORTER_OTLP_LOGS_HEADERS" && one?.value == "… for http://logs.example/in")
        #expect(try urls("https://collector.example", own.merging(["OTEL_LOGS_EXPORTER": "none"]) { $1 }).keys.sorted() == ["metrics", "traces"])
        let login = #expect(throws: OTLPConfigurationError.self) { try OTLPConfiguration(endpoint: "https://ana:sesame@collector.example", environment: [:]) }
        #expect(login?.variable == "OTEL_EXPORTER_OTLP_ENDPOINT" && login?.description.contains("collector") == false)
    }
}
