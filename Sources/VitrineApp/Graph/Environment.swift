import FoundationEssentials

enum Environment {
    static var all: [String: String] { ProcessInfo.processInfo.environment }
    /// `host:pid`, as leases name their holder.
    static var processName: String { "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)" }
}
