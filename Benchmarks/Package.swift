// swift-tools-version:6.2
import PackageDescription

// An executable of our own and not ordo-one/benchmark: it measures the same and builds in seconds where that one takes minutes. Allocations are counted
// by a malloc of our own before glibc's.
let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "vitrine", path: "..")],
    targets: [
        .executableTarget(
            name: "feedbench",
            dependencies: ["CAllocationCount", .product(name: "Feed", package: "vitrine"), .product(name: "Telemetry", package: "vitrine")],
            swiftSettings: [.treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")]),
        .target(name: "CAllocationCount"),
    ],
    swiftLanguageModes: [.v6]
)
