public import Events

/// What AWS's rules take from outside beside the network: the environment, files, time and chance. A test brings its own.
public struct AWSWorld: Sendable {
    public var environment: [String: String]
    /// The text of a file; nil if it cannot be read.
    public var readFile: @Sendable (String) -> String?
    public var now: @Sendable () -> Timestamp
    /// Throws where the work is to stop.
    public var sleep: @Sendable (Duration) async throws -> Void
    public var random: @Sendable () -> UInt64

    public init(
        environment: [String: String], readFile: @escaping @Sendable (String) -> String?, now: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (Duration) async throws -> Void, random: @escaping @Sendable () -> UInt64
    ) {
        self.environment = environment
        self.readFile = readFile
        self.now = now
        self.sleep = sleep
        self.random = random
    }

    /// A variable that is set and not empty.
    func variable(_ name: String) -> String? {
        guard let value = environment[name], !value.isEmpty else { return nil }
        return value
    }

    func isTrue(_ name: String) -> Bool { variable(name)?.lowercased() == "true" }

    /// Evenly from 0 up to 1.
    var chance: Double { Double(random() >> 11) / Double(1 << 53) }
}
