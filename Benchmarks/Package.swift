// swift-tools-version:6.2
import PackageDescription

// An executable of our own and not ordo-one/benchmark: it measures the same, builds in seconds where that one takes minutes, and its counts of
// allocations need a malloc that the static binary does not link.
let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "vitrine", path: "..")],
    targets: [
        .executableTarget(
            name: "feedbench",
            dependencies: [.product(name: "Feed", package: "vitrine"), .product(name: "Telemetry", package: "vitrine")],
            swiftSettings: [.treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")])
    ],
    swiftLanguageModes: [.v6]
)
