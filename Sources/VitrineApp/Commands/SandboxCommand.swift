public import Engine
import Sandbox

/// `vitrine sandbox`: the stand-in for Meta as a server of its own, until it is told to stop.
public struct SandboxCommand: Sendable {
    public enum Faults: String, Sendable, CaseIterable { case none, demo, random }

    private let configuration: SandboxConfiguration
    private let announce: @Sendable (String) -> Void

    public init(
        port: Int, catalogID: String, token: String, seed: UInt64, faults: Faults, announce: @escaping @Sendable (String) -> Void
    ) {
        var configuration = SandboxConfiguration()
        configuration.port = port
        configuration.catalogID = catalogID
        configuration.accessToken = token
        configuration.seed = seed
        switch faults {
        case .none: configuration.faults = .none
        case .demo: configuration.faults = .demo
        case .random: configuration.faults = .random(seed: seed)
        }
        self.configuration = configuration
        self.announce = announce
    }

    /// Runs until its task is cancelled.
    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, NoFields()) }

    public func execute() async -> Outcome {
        do {
            let host = configuration.host
            let announce = announce
            try await Sandbox(configuration: configuration).run { port in
                announce("Sandbox for Meta's Catalog Batch API: graph_url http://\(host):\(port)/v26.0 (stop it with Ctrl-C)\n")
            }
            return Outcome(code: .success, text: "", json: JSONDocument.bytes(NoFields()))
        } catch is CancellationError {
            return Outcome(code: .success, text: "", json: JSONDocument.bytes(NoFields()))
        } catch {
            return .failure(
                RunStop(
                    .serviceUnavailable, reason: "sandbox", culprit: "\(configuration.host):\(configuration.port)", detail: "\(error)",
                    remedy: "Name a free port: vitrine sandbox --port N"), NoFields())
        }
    }
}
