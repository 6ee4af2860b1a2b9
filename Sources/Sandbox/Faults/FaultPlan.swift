/// What goes wrong, when, and how long it takes. The first rule that strikes is the one fault of a call.
public struct FaultPlan: Sendable, Equatable {
    public var rules: [FaultRule]
    /// Kinds that never strike, whatever the rules say.
    public var switchedOff: Set<FaultKind> = []
    /// Which items are refused when their handle finishes, beyond those that break a rule of Meta's.
    public var refusals = RefusalPlan()
    /// Most drawn faults in a row for any one item (or for one handle on the status edge) before a call is let through, 0 or more.
    /// Counted by item and not by call, so that it holds for any number of batches in flight.
    public var longestStreak = 3
    /// Pause of `FaultKind.slow`.
    public var slowAnswer: Duration = .milliseconds(50)
    /// Longest time a hanging call is held before its connection is closed without an answer.
    public var hangLimit: Duration = .seconds(30)
    /// `estimated_time_to_regain_access` of a throttled answer, in minutes.
    public var throttleMinutes = 1
    /// False: a poisoned item alone is still answered 100/1803063, so it is guilty by name. True: alone it is let through.
    public var poisonPassesAlone = false

    public init(rules: [FaultRule] = []) { self.rules = rules }

    public static let none = FaultPlan()

    /// What a demo shows: one transient error and one slow answer, both survived by one retry, and a few refused items.
    public static var demo: FaultPlan {
        var plan = FaultPlan(rules: [FaultRule(.transient, when: .calls([1])), FaultRule(.slow, on: .status, when: .calls([1]))])
        plan.refusals = .demo
        return plan
    }

    /// A plan for a conservation test: a random choice of kinds (others stay out altogether), each with a random share of at most `intensity` in sum.
    ///
    /// A client that repeats a failed call always gets through: no item sees more than `longestStreak` faults in a row. All delays are a few milliseconds.
    /// - Parameters:
    ///   - intensity: upper bound of the share of calls with a fault, per edge, 0...1.
    ///   - kinds: what may be chosen.
    public static func random(seed: UInt64, intensity: Double = 0.3, kinds: Set<FaultKind> = FaultKind.survivable) -> FaultPlan {
        precondition((0...1).contains(intensity), "intensity \(intensity) is not in 0...1")
        var dice = SplitMix64(seed: seed ^ 0x7661_756C_7473)
        var plan = FaultPlan()
        for edge in [SandboxEdge.itemsBatch, .status] {
            let chosen = FaultKind.allCases.filter { kinds.contains($0) && Bool.random(using: &dice) }
                .filter { FaultRule($0, on: edge, when: .after(0)).isPossible }
            plan.rules += chosen.map { FaultRule($0, on: edge, when: .share(intensity / Double(chosen.count) * Double.random(in: 0.5...1, using: &dice))) }
        }
        plan.longestStreak = Int.random(in: 1...3, using: &dice)
        plan.refusals.share = Bool.random(using: &dice) ? Double.random(in: 0...0.1, using: &dice) : 0
        plan.slowAnswer = .milliseconds(2)
        plan.hangLimit = .milliseconds(20)
        plan.throttleMinutes = 0
        return plan
    }
}
