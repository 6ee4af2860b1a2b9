import Testing

@testable import Sandbox

/// The model without its sockets: hundreds of seeds in a moment.
@Suite("Seeds")
struct ConservationTests {
    private let configuration = SandboxConfiguration()

    @Test("Whatever is drawn, a client that repeats gets through, and what it is told is true", arguments: UInt64(1)...300)
    func conservation(seed: UInt64) throws {
        var configuration = configuration
        configuration.seed = seed
        configuration.faults = .random(seed: seed, intensity: 0.8)
        var client = ModelClient(model: SandboxModel(configuration: configuration))
        var accepted: Set<String> = [], refused: Set<String> = []
        for start in stride(from: 0, to: 30, by: 10) {
            let outcome = try client.deliver((start..<start + 10).map { "sku-\($0)" })
            accepted.formUnion(outcome.accepted)
            refused.formUnion(outcome.refused)
        }
        #expect(accepted.isDisjoint(with: refused), "replay: seed \(seed)")
        #expect(accepted.union(refused).count == 30, "replay: seed \(seed)")
        #expect(accepted.isSubset(of: client.model.items.keys), "replay: seed \(seed)")
        #expect(refused.count <= (configuration.faults.refusals.share > 0 ? 15 : 0), "replay: seed \(seed)")
    }

    @Test("No item sees more drawn faults in a row than the longest streak, however batches interleave")
    func longestStreak() {
        var plan = FaultPlan(rules: [FaultRule(.transient, when: .share(1))])
        plan.longestStreak = 2
        var dice = FaultDice(plan: plan, seed: 1)
        let rolls = (0..<12).map { dice.roll(edge: .itemsBatch, subjects: $0.isMultiple(of: 2) ? ["a", "b"] : ["c"]) != nil }
        #expect(rolls == [true, true, true, true, false, false, true, true, true, true, false, false])
    }

    @Test("The same seed gives the same answers, another seed others")
    func determinism() throws {
        func transcript(_ seed: UInt64) throws -> [SandboxCall] {
            var configuration = configuration
            configuration.seed = seed
            configuration.faults = .random(seed: seed, intensity: 0.8)
            var client = ModelClient(model: SandboxModel(configuration: configuration))
            for start in stride(from: 0, to: 100, by: 5) { _ = try client.deliver((start..<start + 5).map { "sku-\($0)" }) }
            return client.model.calls
        }
        #expect(try transcript(7) == transcript(7))
        #expect(try transcript(7) != transcript(8))
    }

    @Test("What is drawn for one batch does not depend on other batches before it")
    func independence() {
        let plan = FaultPlan(rules: FaultKind.allCases.map { FaultRule($0, when: .share(0.04)) })
        let batches = (0..<50).map { ["id-\($0)"] }
        var forward = FaultDice(plan: plan, seed: 3), backward = FaultDice(plan: plan, seed: 3)
        let there = batches.map { forward.roll(edge: .itemsBatch, subjects: $0) }
        let back = batches.reversed().map { backward.roll(edge: .itemsBatch, subjects: $0) }
        #expect(there == back.reversed())
        #expect(Set(there.compactMap(\.self)).count > 5)
    }

    @Test("Shares are kept: a fifth of the calls is a fifth")
    func shares() {
        var dice = FaultDice(plan: FaultPlan(rules: [FaultRule(.reset, when: .share(0.1)), FaultRule(.slow, when: .share(0.1))]), seed: 5)
        let struck = (0..<10_000).count { dice.roll(edge: .itemsBatch, subjects: ["id-\($0)"]) != nil }
        #expect((1_850...2_150).contains(struck))
    }

    @Test("Random plans of many seeds use every survivable kind, and never one that was not allowed")
    func randomPlans() {
        let kinds = (UInt64(0)..<50).flatMap { FaultPlan.random(seed: $0).rules.map(\.kind) }
        #expect(Set(kinds) == FaultKind.survivable)
        #expect((UInt64(0)..<50).allSatisfy { FaultPlan.random(seed: $0, kinds: [.slow]).rules.allSatisfy { $0.kind == .slow } })
    }
}

/// The plainest client that loses nothing: it repeats a call until it is answered, and sends again whatever has no verdict.
private struct ModelClient {
    var model: SandboxModel
    struct Stuck: Error { var ids: [String] }

    mutating func deliver(_ ids: [String]) throws -> (accepted: Set<String>, refused: Set<String>) {
        for _ in 0..<40 {
            guard let handle = post(ids), let verdict = verdict(of: handle) else { continue }
            let invalid = Set(verdict["ids_of_invalid_requests"]?.texts ?? [])
            let isHidden = verdict["errors_total_count"]?.int != 0 && invalid.isEmpty
            guard verdict["status"] == "finished", !isHidden else { continue }
            return (Set(ids).subtracting(invalid), invalid)
        }
        throw Stuck(ids: ids)
    }

    private mutating func post(_ ids: [String]) -> String? {
        let reply = send("POST", "items_batch", body: Array(batch(ids.map { update($0) }).json.utf8))
        return reply?["handles"]?.texts.first
    }

    private mutating func verdict(of handle: String) -> SandboxValue? {
        for _ in 0..<40 {
            let reply = send("GET", "check_batch_request_status", query: ["handle": handle, "load_ids_of_invalid_requests": "true"])
            guard let status = reply?["data"]?.elements.first else { continue }
            if ["finished", "error", "canceled"].contains(status["status"]?.text) { return status }
        }
        return nil
    }

    /// The body of a whole answer with status 200.
    private mutating func send(_ method: String, _ edge: String, query: [String: String] = [:], body: [UInt8] = []) -> SandboxValue? {
        let reply = model.answer(
            SandboxRequest(
                method: method, path: "/v26.0/\(model.configuration.catalogID)/\(edge)", query: query,
                authorization: "Bearer \(model.configuration.accessToken)", contentType: "application/json", body: body, bodyBytes: body.count))
        return reply.ending.isAnswer && reply.status == 200 ? try? JSONReader.read(Array(reply.body.utf8)) : nil
    }
}
