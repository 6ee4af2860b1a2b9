import FoundationEssentials

enum Environment {
    static var all: [String: String] { ProcessInfo.processInfo.environment }
}
