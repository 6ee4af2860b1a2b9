/// The closed list of spans: what of a run takes time and can be looked at by itself. One trace a run; a run that several processes work on
/// has a span of each in the same trace.
public enum SpanKind: String, Sendable, CaseIterable {
    /// The work of one process on one run.
    case run
    case stage
    /// A batch on its way to an answer, over all its tries.
    case batch
    /// One look at a handle, over all its tries.
    case poll
    /// One try of one HTTP call.
    case call

    /// Where it hangs, the nearest that is open first.
    public var parents: [SpanKind] {
        switch self {
        case .run: []
        case .stage: [.run]
        case .batch, .poll: [.stage, .run]
        case .call: [.poll, .batch, .stage, .run]
        }
    }
}

extension Signal {
    /// What an event means for the spans of its run.
    public struct SpanChange: Sendable, Equatable {
        public let kind: SpanKind
        public let step: Step
        /// Tells spans of one kind that are open at the same time from each other, such as the name of a batch; of a call: that of its parent. Nil
        /// where there is one of its kind only.
        public let key: String?

        public enum Step: Sendable, Equatable {
            case begin
            /// Nothing where it is not open.
            case end(failed: Bool)
            /// Begun so many seconds ago, and ended now.
            case whole(seconds: Double, failed: Bool)
        }

        public init(_ kind: SpanKind, _ step: Step, key: String? = nil) {
            self.kind = kind
            self.step = step
            self.key = key
        }
    }
}
