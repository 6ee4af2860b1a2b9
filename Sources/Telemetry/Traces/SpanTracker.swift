import Events

/// Follows the spans that are open: events begin and end them, lines and exemplars say which one they belong to. Pure but for the ids.
struct SpanTracker: Sendable {
    /// Runs with open spans at the same time, and open spans of one run; what is beyond is not followed.
    static let mostRuns = 256
    static let mostOpen = 1_000

    fileprivate struct Open: Sendable {
        let kind: SpanKind
        let key: String?
        let id: UInt64
        let parent: UInt64
        let start: Timestamp
        let scope: EventScope
    }

    fileprivate struct Run: Sendable {
        let pipeline: String?
        let runID: String
        let trace: TraceContext
        var open: [Open] = []
    }

    /// Runs seen lately, the one that spoke last in front: it nearly always speaks again.
    private var runs: [Run] = []
    private let makeID: @Sendable () -> UInt64

    init(makeID: @escaping @Sendable () -> UInt64) { self.makeID = makeID }

    /// Does what an event says of spans.
    /// - Returns: where the event belongs, nil outside of a run; and the spans that it ended.
    mutating func take(_ signal: Signal, in scope: EventScope, at now: Timestamp) -> (context: TraceContext?, ended: [SpanRecord]) {
        guard let runID = scope.runID else { return (nil, []) }
        bringToFront(scope.pipeline, runID)
        guard let change = signal.span else { return (runs[0].trace.at(runs[0].current(scope.stage)), []) }
        let id: UInt64
        var ended: [SpanRecord] = []
        switch change.step {
        case .begin: id = begin(change, scope, now)
        case .end(let failed):
            guard let place = runs[0].place(of: change.kind, change.key) else { return (runs[0].trace.at(runs[0].current(scope.stage)), []) }
            id = runs[0].open[place].id
            ended = runs[0].end(place, signal, failed: failed, at: now)
        case .whole(let seconds, let failed):
            id = makeID()
            let span = Open(
                kind: change.kind, key: change.key, id: id, parent: runs[0].parent(of: change), start: now + .nanoseconds(-Int64(max(0, min(seconds, 9e8)) * 1e9)), scope: scope)
            ended = [runs[0].record(span, signal, failed: failed, at: now)]
        }
        return (runs[0].trace.at(id), ended)
    }

    /// At the end of the process: what is still open ends here, and goes on in the trace when another process takes the run up.
    mutating func endAll(at now: Timestamp) -> [SpanRecord] {
        let silent = Signal()
        return runs.indices.flatMap { index -> [SpanRecord] in
            var ended: [SpanRecord] = []
            while let last = runs[index].open.indices.last { ended += runs[index].end(last, silent, failed: false, at: now) }
            return ended
        }
    }

    private mutating func begin(_ change: Signal.SpanChange, _ scope: EventScope, _ now: Timestamp) -> UInt64 {
        guard runs[0].open.count < Self.mostOpen else { return runs[0].current(scope.stage) }
        let span = Open(kind: change.kind, key: change.key, id: makeID(), parent: runs[0].parent(of: change), start: now, scope: scope)
        runs[0].open.append(span)
        return span.id
    }

    private mutating func bringToFront(_ pipeline: String?, _ runID: String) {
        guard let place = runs.firstIndex(where: { $0.runID == runID && $0.pipeline == pipeline }) else {
            runs.insert(Run(pipeline: pipeline, runID: runID, trace: TraceContext(pipeline: pipeline, runID: runID)), at: 0)
            // Not the new one, which is in front.
            if runs.count > Self.mostRuns { runs.remove(at: runs.dropFirst().lastIndex { $0.open.isEmpty } ?? runs.count - 1) }
            return
        }
        if place > 0 { runs.insert(runs.remove(at: place), at: 0) }
    }
}

extension SpanTracker.Run {
    fileprivate func place(of kind: SpanKind, _ key: String?) -> Int? { open.lastIndex { $0.kind == kind && $0.key == key } }

    /// The span that a line of this stage belongs to; 0 where none is open.
    fileprivate func current(_ stage: String?) -> UInt64 {
        if stage != nil, let span = open.last(where: { $0.kind == .stage }) { return span.id }
        return open.first { $0.kind == .run }?.id ?? 0
    }

    fileprivate func parent(of change: Signal.SpanChange) -> UInt64 {
        for kind in change.kind.parents {
            let isKeyed = kind == .batch || kind == .poll
            if let span = open.last(where: { $0.kind == kind && (!isKeyed || $0.key == change.key) }) { return span.id }
        }
        return 0
    }

    /// Ends a span, and before it what is open inside of it: whoever left that open did not come to its end.
    fileprivate mutating func end(_ place: Int, _ signal: Signal, failed: Bool, at now: Timestamp) -> [SpanRecord] {
        let span = open.remove(at: place)
        var ended: [SpanRecord] = []
        while let inner = open.lastIndex(where: { $0.parent == span.id }) { ended += end(inner, Signal(), failed: failed, at: now) }
        return ended + [record(span, signal, failed: failed, at: now)]
    }

    fileprivate func record(_ span: SpanTracker.Open, _ signal: Signal, failed: Bool, at now: Timestamp) -> SpanRecord {
        let detail: String? =
            switch span.kind {
            case .run, .batch, .poll: nil
            case .stage: span.scope.stage
            case .call: signal.fields.first { $0.name == .api }?.value.text
            }
        return SpanRecord(
            context: trace.at(span.id), parent: span.parent, kind: span.kind, name: ([span.kind.rawValue] + (detail.map { [$0] } ?? [])).joined(separator: " "),
            start: min(span.start, now), end: now, failed: failed, message: signal.message, scope: span.scope, fields: signal.fields)
    }
}

extension Signal.Value {
    fileprivate var text: String? { if case .text(let text) = self { text } else { nil } }
}
