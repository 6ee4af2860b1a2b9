public import Foundation

/// A program that is not ours and says whether we are right: promtool, a browser, moto. `make judges` fetches them.
///
/// A judge that is missing skips its tests with a printed reason; where `VITRINE_JUDGES=required` is set, as CI does, they run and fail.
public struct Judge: Sendable {
    public let name: String
    /// Where it lies, if it is there.
    public let path: String?

    public static let promtool = Judge(program: "promtool")
    public static let prometheus = Judge(program: "prometheus")
    public static let alertmanager = Judge(program: "prometheus-alertmanager")
    public static let pushgateway = Judge(program: "prometheus-pushgateway")
    public static let chromium = Judge(program: "chromium")
    /// An interpreter that can import what `Tests/Judges/requirements.txt` lists.
    public static let python = Judge(name: "python with Tests/Judges/requirements.txt", candidates: ["\(home)/venv/bin/python"])

    public init(program: String) {
        self.init(name: program, candidates: (Self.searchPath + ["\(Self.home)/usr/bin"]).map { "\($0)/\(program)" })
    }

    private init(name: String, candidates: [String]) {
        self.name = name
        path = candidates.first(where: FileManager.default.isExecutableFile(atPath:))
    }

    /// A program of ours for `python`, in `Tests/Judges`.
    public static func script(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Judges/\(name)").path
    }

    /// For `.enabled(if:)`: whether the test is to run. Says so where it is not.
    public var isHere: Bool {
        if path != nil || Self.isRequired { return true }
        print("skipped: \(name) is missing; `make judges` fetches it")
        return false
    }

    /// - Throws: where the judge is missing and was required.
    public func found() throws -> String {
        guard let path else { throw Missing(name: name) }
        return path
    }

    /// Runs it to its end.
    /// - Returns: its exit code and what it wrote, both streams together.
    public func run(_ arguments: [String], input: Data? = nil, environment: [String: String] = [:]) async throws -> (code: Int32, output: String) {
        try await aside { try runAside(arguments, input, environment) }
    }

    private func runAside(_ arguments: [String], _ input: Data?, _ environment: [String: String]) throws -> (code: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try found())
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, ours in ours }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        let given = Pipe()
        process.standardInput = input == nil ? FileHandle.nullDevice : given
        try process.run()
        if let input {
            try given.fileHandleForWriting.write(contentsOf: input)
            try given.fileHandleForWriting.close()
        }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    public struct Missing: Error, CustomStringConvertible {
        let name: String
        public var description: String { "\(name) is required and missing: run `make judges`" }
    }

    private static let isRequired = ProcessInfo.processInfo.environment["VITRINE_JUDGES"] == "required"
    private static let searchPath = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)

    /// `.build/judges` of this checkout.
    private static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent(".build/judges").path
}
