// swift-tools-version:6.2
import PackageDescription

/// Every room is checked alike: Swift 6 mode, no warning survives, and an import is an implementation detail unless it says `public`.
let house: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house)
}

/// `golden`: the folder of golden files, which the tests read where they lie.
func tests(_ name: String, _ dependencies: [Target.Dependency], golden: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: golden, swiftSettings: house)
}

let package = Package(
    name: "vitrine",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "vitrine", targets: ["vitrine"]),
        // For the package in Benchmarks.
        .library(name: "Feed", targets: ["Feed", "CFeedKernels"]),
        .library(name: "Telemetry", targets: ["Telemetry", "Events"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // From the top of the house to its cellar; imports only go down this list (Tests/VitrineTests/HouseTests.swift holds it).
        .executableTarget(
            name: "vitrine",
            dependencies: [
                "VitrineApp", "Telemetry", "CatalogSync", "Engine", "Events", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),
        room("VitrineApp", [
            "Settings", "Sandbox", "Alerting", "Telemetry", "Investigation", "CatalogSync", "Engine", "MetaCatalog", "ObjectStore", "AWS", "Feed", "Events", "Transport", "Cryptography", "Gzip",
            .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HummingbirdCore", package: "hummingbird"),
            .product(name: "HummingbirdTLS", package: "hummingbird"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            .product(name: "NIOCore", package: "swift-nio"), .product(name: "Logging", package: "swift-log"),
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"), .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        ]),
        room("Settings", ["Events", .product(name: "Yams", package: "Yams")]),
        room("Sandbox", [
            .product(name: "Hummingbird", package: "hummingbird"), .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "Logging", package: "swift-log"), .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        ]),
        room("Alerting", ["Events", "Transport", "Cryptography"]),
        room("Telemetry", [
            "AWS", "Events", "Transport", "Cryptography", "ProtobufWire", "Gzip", "CFeedKernels", .product(name: "CoreMetrics", package: "swift-metrics"),
        ]),
        room("Investigation", ["CatalogSync", "Engine", "ObjectStore", "Events", "Gzip", "CFeedKernels"]),
        room("CatalogSync", [
            "Engine", "MetaCatalog", "ObjectStore", "Feed", "Events", "Transport", "Gzip", "Cryptography", "CFeedKernels", .product(name: "Mustache", package: "swift-mustache"),
        ]),
        room("Engine", [
            "ObjectStore", "Events", "Gzip", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
        ]),
        room("MetaCatalog", ["Events", "Transport", "Cryptography"]),
        room("ObjectStore", ["AWS", "Events", "Transport"]),
        room("AWS", ["Events", "Transport", "Cryptography"]),
        room("Feed", ["CFeedKernels"]),
        room("Events"),
        room("Transport", ["CLibCurl"]),
        room("Cryptography", ["COpenSSL"]),
        room("ProtobufWire", ["CProtobufC"]),
        room("Gzip", ["CZlib"]),
        .systemLibrary(name: "CLibCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // The messages that protoc-c makes; the command stands in the .proto.
        .target(
            name: "CProtobufC", exclude: ["otlp.proto", "prometheus.proto"], cSettings: [.unsafeFlags(["-O2"])], linkerSettings: [.linkedLibrary("protobuf-c")]),
        .target(name: "CFeedKernels", cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])]),

        .target(name: "TestKit", dependencies: ["Events", "Transport"], path: "Tests/TestKit", swiftSettings: house),
        tests("EventsTests", ["Events"]),
        tests("FeedTests", ["Feed", "CFeedKernels"], golden: ["Golden"]),
        tests("TransportTests", ["Transport", "TestKit"]),
        tests("CryptographyTests", ["Cryptography", "Gzip"]),
        tests("MetaCatalogTests", ["MetaCatalog", "Transport", "Events", "Cryptography"]),
        tests("AlertingTests", ["Alerting", "Events", "Transport", "TestKit"], golden: ["Golden"]),
        tests("TelemetryTests", ["Telemetry", "AWS", "Events", "Transport", "TestKit", .product(name: "CoreMetrics", package: "swift-metrics")]),
        tests("SandboxTests", ["Sandbox"]),
        tests("SettingsTests", ["Settings", "Events"]),
        tests("AWSTests", ["AWS", "Events", "Transport", "Cryptography", "TestKit"], golden: ["Cases"]),
        tests("ObjectStoreTests", ["ObjectStore", "AWS", "Events", "Transport", "TestKit"]),
        tests("EngineTests", ["Engine", "ObjectStore", "Events", "Transport", "TestKit"]),
        tests(
            "CatalogSyncTests",
            ["CatalogSync", "Engine", "MetaCatalog", "ObjectStore", "AWS", "Feed", "Events", "Sandbox", "Transport", "Gzip", "TestKit"], golden: ["Golden"]),
        tests("InvestigationTests", ["Investigation", "CatalogSync", "Engine", "Events", "Gzip", "CFeedKernels"]),
        tests("VitrineTests", [
            "VitrineApp", "vitrine", "Sandbox", "Settings", "CatalogSync", "Engine", "Telemetry", "Feed", "ObjectStore", "AWS", "Events", "Transport",
            "Gzip", "TestKit",
        ]),
    ],
    swiftLanguageModes: [.v6]
)
