import AWS
import Events
import Synchronization
import Testing

/// Time and chance that a test decides; sleeping is only written down.
final class TestWorld: Sendable {
    private struct State {
        var now = Timestamp(year: 2026, month: 11, day: 21, hour: 12)
        var sleeps: [Duration] = []
        var files: [String: String] = [:]
    }

    private let state = Mutex(State())
    let environment: [String: String]

    init(_ environment: [String: String] = [:], files: [String: String] = [:], now: Timestamp? = nil) {
        self.environment = environment
        state.withLock {
            $0.files = files
            if let now { $0.now = now }
        }
    }

    static let keys = ["AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1"]

    var now: Timestamp { state.withLock(\.now) }
    var sleeps: [Duration] { state.withLock(\.sleeps) }
    func pass(_ duration: Duration) { state.withLock { $0.now = $0.now + duration } }
    func write(_ file: String, _ text: String?) { state.withLock { $0.files[file] = text } }

    var world: AWSWorld {
        AWSWorld(
            environment: environment, readFile: { file in self.state.withLock { $0.files[file] } }, now: { self.now },
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock {
                    $0.sleeps.append(duration)
                    $0.now = $0.now + duration
                }
            }, random: { UInt64.max / 2 })
    }
}
