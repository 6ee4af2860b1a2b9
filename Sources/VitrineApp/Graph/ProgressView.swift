import CatalogSync
import Engine
import Events
import Glibc
import Synchronization

/// One line at the foot of a terminal that says how far a run is. Draws from the same events as every other sink.
final class ProgressView: EventSink {
    private struct State {
        var stage = ""
        var batches = 0
        var sent = 0
        var finished = 0
        /// What the terminal shows; nil: nothing.
        var shown: String?
    }

    private let state = Mutex(State())
    /// Characters of the bar.
    private static let barWidth = 24

    func receive(_ event: some Event, in scope: EventScope) {
        let line = state.withLock { state -> String? in
            switch event {
            case let event as EngineEvent: Self.update(&state, event)
            case let event as SyncEvent: Self.update(&state, event)
            default: return nil
            }
            // Most events change nothing here, and a terminal is slow.
            guard let line = Self.line(state), line != state.shown else { return nil }
            state.shown = line
            return line
        }
        if let line { Self.draw(line) }
    }

    /// Takes the line away, so that the report starts on a clean one.
    func clear() {
        let wasShown = state.withLock { state in
            defer { state.shown = nil }
            return state.shown != nil
        }
        if wasShown { Self.draw("") }
    }

    private static func update(_ state: inout State, _ event: EngineEvent) {
        switch event {
        case .stageStarted(let stage): state.stage = stage
        case .runEnded, .runStopped, .runNotBegun: state.stage = ""
        case .runStarted, .runResumed, .runAmended, .stageEnded, .booksUnbalanced, .leaseHeld, .pipelineBusy, .pipelineIdle: return
        }
    }

    private static func update(_ state: inout State, _ event: SyncEvent) {
        switch event {
        case .batchPrepared: state.batches += 1
        case .batchSent: state.sent += 1
        case .handleFinished, .handleTimedOut: state.finished += 1
        default: return
        }
    }

    private static func line(_ state: State) -> String? {
        guard !state.stage.isEmpty else { return nil }
        switch SyncStage(rawValue: state.stage) {
        case .send: return "\(state.stage) " + bar(state.sent, of: state.batches) + " batches"
        case .checkHandles: return "\(state.stage) " + bar(state.finished, of: state.sent) + " handles"
        default: return state.stage + " …"
        }
    }

    private static func bar(_ done: Int, of all: Int) -> String {
        let filled = all == 0 ? 0 : min(barWidth, barWidth * done / all)
        return "[" + String(repeating: "█", count: filled) + String(repeating: "░", count: barWidth - filled) + "] \(done)/\(all)"
    }

    private static func draw(_ line: String) {
        let bytes = Array("\r\u{1B}[K\(line)".utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
