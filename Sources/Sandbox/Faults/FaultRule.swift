/// When a fault strikes. Call numbers are 1-based, per edge, and start over with `Sandbox.setFaults`. Only calls that could succeed are counted:
/// one with a wrong token, catalogue or body gets its own error and no fault.
public enum FaultTrigger: Sendable, Hashable {
    /// The calls with these numbers: `.calls([3])` is the third one.
    case calls(Set<Int>)
    /// Every call after the first so many: `.after(0)` is all of them.
    case after(Int)
    /// This share of calls, 0...1, drawn from the seed. Only these faults are bounded by `FaultPlan.longestStreak`.
    case share(Double)
    /// A POST that carries an item whose title contains this text.
    case item(titleContains: String)
}

public struct FaultRule: Sendable, Hashable {
    public var kind: FaultKind
    public var edge: SandboxEdge
    public var trigger: FaultTrigger

    /// A rule whose kind its edge cannot have (a status GET cannot lose a handle it never makes) never strikes.
    public init(_ kind: FaultKind, on edge: SandboxEdge = .itemsBatch, when trigger: FaultTrigger) {
        self.kind = kind
        self.edge = edge
        self.trigger = trigger
    }

    var isPossible: Bool { edge == .itemsBatch || !FaultKind.ofPostsOnly.contains(kind) }
}
