/// Decides which fault strikes a call. Pure: calls in, faults out.
struct FaultDice: Sendable {
    private let plan: FaultPlan
    private let rules: [FaultRule]
    private let seed: UInt64
    private var calls: [SandboxEdge: Int] = [:]
    private var attempts: [String: Int] = [:]
    private var streaks: [String: Int] = [:]

    init(plan: FaultPlan, seed: UInt64) {
        self.plan = plan
        self.seed = seed
        rules = plan.rules.filter { $0.isPossible && !plan.switchedOff.contains($0.kind) }
    }

    /// - Parameters:
    ///   - subjects: the item ids of a POST, or the handle of a status GET. What is drawn depends on the first one and on how often it was tried.
    ///   - titles: the titles of a POST.
    mutating func roll(edge: SandboxEdge, subjects: [String], titles: [String] = []) -> FaultKind? {
        calls[edge, default: 0] += 1
        let number = calls[edge, default: 1]
        let key = edge.rawValue + "/" + (subjects.first ?? "")
        attempts[key, default: 0] += 1
        let mayDraw = !subjects.contains { streaks[edge.rawValue + "/" + $0, default: 0] >= plan.longestStreak }
        var dice = SplitMix64(seed: seed, key, String(attempts[key, default: 1]))
        var drawn = Double.random(in: 0..<1, using: &dice)
        for rule in rules where rule.edge == edge {
            switch rule.trigger {
            case .calls(let numbers) where numbers.contains(number): return rule.kind
            case .after(let count) where number > count: return rule.kind
            case .item(let text) where titles.contains { $0.contains(text) }:
                guard rule.kind == .poison, plan.poisonPassesAlone, subjects.count == 1 else { return rule.kind }
            case .share(let share) where mayDraw:
                // One draw walks along all shares, so that their sum is the share of calls with a fault.
                if drawn < share {
                    count(subjects, on: edge, faulty: true)
                    return rule.kind
                }
                drawn -= share
            default: continue
            }
        }
        count(subjects, on: edge, faulty: false)
        return nil
    }

    private mutating func count(_ subjects: [String], on edge: SandboxEdge, faulty: Bool) {
        for subject in subjects {
            let key = edge.rawValue + "/" + subject
            if faulty { streaks[key, default: 0] += 1 } else { streaks[key] = nil }
        }
    }
}
