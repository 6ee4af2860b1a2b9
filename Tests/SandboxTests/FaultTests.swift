import Testing

@testable import Sandbox

@Suite("Faults on the wire")
struct FaultTests {
    @Test("A refused call has its code and stores nothing", arguments: [
        (.throttle, 400, 80014, nil), (.throttleApp, 403, 4, nil), (.throttleUser, 400, 17, 2_446_079), (.throttleCustom, 400, 613, 1996),
        (.transient, 500, 2, nil), (.unknownError, 500, 1, nil), (.poison, 400, 100, 1_803_063), (.tokenExpired, 401, 190, 463),
        (.permissionRemoved, 403, 200, nil),
    ] as [(FaultKind, Int, Int, Int?)])
    func refusals(_ kind: FaultKind, _ status: Int, _ code: Int, _ subcode: Int?) async throws {
        try await withSandbox { $0.faults = FaultPlan(rules: [FaultRule(kind, when: .calls([1]))]) } _: { sandbox in
            let answer = try #require(await sandbox.post([update("a")]).answer)
            #expect(answer.status == status)
            #expect(answer.errorCode == code)
            #expect(answer.json["error"]?["error_subcode"]?.int == subcode)
            #expect(sandbox.catalog().isEmpty)
            let call = try #require(sandbox.calls().first)
            #expect(call.fault == kind && call.errorCode == code && call.status == status && call.items == ["a"])
            #expect(await sandbox.post([update("a")]).answer?.status == 200)
            #expect(sandbox.catalog()["a"] != nil)
        }
    }

    @Test("Throttling tells the minutes to wait, and the status edge has a code of its own")
    func throttling() async throws {
        var plan = FaultPlan(rules: [FaultRule(.throttle, when: .calls([2])), FaultRule(.throttle, on: .status, when: .calls([1]))])
        plan.throttleMinutes = 7
        try await withSandbox { [plan] in $0.faults = plan } _: { sandbox in
            let handle = try await sandbox.handle(update("a"))
            let throttled = [
                try #require(await sandbox.post([update("b")]).answer),
                try #require(await sandbox.get("check_batch_request_status", "handle=\(handle)").answer),
            ]
            #expect(throttled.map(\.errorCode) == [80014, 80009])
            for answer in throttled {
                let usage = try JSONReader.read(Array((answer.headers["x-business-use-case-usage"] ?? "").utf8))
                let entry = try #require(usage["1234567890"]?.elements.first)
                #expect(entry["estimated_time_to_regain_access"] == .count(7))
                #expect(entry["call_count"] == .count(100))
            }
        }
    }

    @Test("A bad gateway answers with a page of HTML")
    func badGateway() async throws {
        try await withSandbox { $0.faults = FaultPlan(rules: [FaultRule(.badGateway, when: .after(0))]) } _: { sandbox in
            let answer = try #require(await sandbox.post([update("a")]).answer)
            #expect(answer.status == 502)
            #expect(answer.headers["content-type"]?.hasPrefix("text/html") == true)
            #expect(sandbox.catalog().isEmpty)
        }
    }

    @Test("A reset comes before any answer and stores nothing")
    func reset() async throws {
        try await withSandbox { $0.faults = FaultPlan(rules: [FaultRule(.reset, when: .calls([1]))]) } _: { sandbox in
            #expect(await sandbox.post([update("a")]).ending == "reset")
            #expect(sandbox.catalog().isEmpty)
            #expect(sandbox.calls().first?.status == nil)
        }
    }

    @Test("A hanging call ends without an answer and stores nothing")
    func hang() async throws {
        var plan = FaultPlan(rules: [FaultRule(.hang, when: .calls([1]))])
        plan.hangLimit = .milliseconds(5)
        try await withSandbox { [plan] in $0.faults = plan } _: { sandbox in
            #expect(await sandbox.post([update("a")]).ending == "closed")
            #expect(sandbox.catalog().isEmpty)
        }
    }

    @Test("Stopping the sandbox ends a hanging call")
    func stopEndsHang() async throws {
        var plan = FaultPlan(rules: [FaultRule(.hang, when: .calls([1]))])
        plan.hangLimit = .seconds(3600)
        var configuration = SandboxConfiguration()
        configuration.faults = plan
        let sandbox = Sandbox(configuration: configuration)
        try await sandbox.start()
        async let outcome = sandbox.post([update("a")])
        while sandbox.calls().isEmpty { await Task.yield() }
        await sandbox.stop()
        let ended = await outcome
        #expect(ended.answer == nil)
    }

    @Test("A lost answer was stored and made a handle nobody heard of")
    func answerLost() async throws {
        try await withSandbox { $0.faults = FaultPlan(rules: [FaultRule(.answerLost, when: .calls([1]))]) } _: { sandbox in
            #expect(await sandbox.post([update("a")]).ending == "closed")
            #expect(sandbox.catalog()["a"] != nil)
            let call = try #require(sandbox.calls().first)
            #expect(call.status == nil && call.applied == ["a"])
            #expect(try await sandbox.poll(#require(call.handle))["status"] == "scheduled")
        }
    }

    @Test("A partial body breaks off after its headers; what was posted is stored")
    func partialBody() async throws {
        let rules = [FaultRule(.partialBody, when: .calls([1])), FaultRule(.partialBody, on: .status, when: .calls([1]))]
        try await withSandbox { $0.faults = FaultPlan(rules: rules) } _: { sandbox in
            for outcome in [await sandbox.post([update("a")]), await sandbox.get("check_batch_request_status", "handle=\(sandbox.calls()[0].handle ?? "")")] {
                #expect(outcome.ending == "cut off")
                guard case .cutOff(let status, let got, let announced) = outcome else { continue }
                #expect(status == 200)
                #expect(got == announced / 2)
            }
            #expect(sandbox.catalog()["a"] != nil)
        }
    }

    @Test("A 200 without a handle stores nothing")
    func noHandle() async throws {
        try await withSandbox { $0.faults = FaultPlan(rules: [FaultRule(.noHandle, when: .calls([1]))]) } _: { sandbox in
            let answer = try #require(await sandbox.post([update("a")]).answer)
            #expect(answer.status == 200)
            #expect(answer.json == .object(("validation_status", .array([]))))
            #expect(sandbox.catalog().isEmpty)
        }
    }

    @Test("A handle that ends as error or canceled has applied a part of its items and names none", arguments: [FaultKind.handleError, .handleCanceled])
    func handleEnds(_ kind: FaultKind) async throws {
        try await withSandbox { $0.faults = FaultPlan(rules: [FaultRule(kind, when: .calls([1]))]) } _: { sandbox in
            let answer = try #require(await sandbox.post((1...40).map { update("sku-\($0)") }).answer)
            let verdict = try await sandbox.verdict(#require(answer.json["handles"]?.texts.first))
            #expect(verdict["status"]?.text == (kind == .handleError ? "error" : "canceled"))
            #expect(verdict["ids_of_invalid_requests"] == .array([]))
            #expect((1..<40).contains(sandbox.catalog().count))
            #expect(sandbox.calls()[0].applied.sorted() == sandbox.catalog().keys.sorted())
        }
    }

    @Test("A handle can stay started for ever, or say a word nobody knows before it finishes")
    func strangeHandles() async throws {
        let rules = [FaultRule(.neverFinishes, when: .calls([1])), FaultRule(.unknownStatus, when: .calls([2]))]
        try await withSandbox { $0.faults = FaultPlan(rules: rules) } _: { sandbox in
            let endless = try await sandbox.handle(update("a"))
            await #expect(throws: Sandbox.NeverFinished.self) { try await sandbox.verdict(endless) }
            let strange = try await sandbox.handle(update("b"))
            #expect(try await sandbox.poll(strange)["status"] == "in_progress")
            #expect(try await sandbox.verdict(strange)["status"] == "finished")
        }
    }

    @Test("Hidden errors are counted, but neither the ids nor the sample name an item")
    func hiddenIDs() async throws {
        try await withSandbox { $0.faults = FaultPlan(rules: [FaultRule(.hiddenIDs, when: .calls([1]))]) } _: { sandbox in
            let answer = try #require(await sandbox.post((1...40).map { update("sku-\($0)") }).answer)
            let verdict = try await sandbox.verdict(#require(answer.json["handles"]?.texts.first))
            #expect(verdict["status"] == "finished")
            #expect(verdict["errors_total_count"]?.int == 40 - sandbox.catalog().count)
            #expect(sandbox.catalog().count < 40)
            #expect(verdict["ids_of_invalid_requests"] == .array([]))
            #expect(verdict["errors"]?.elements.allSatisfy { $0["id"] == nil } == true)
        }
    }

    @Test("A poisoned item spoils its whole batch, and alone is guilty, or let through if set", arguments: [false, true])
    func poison(_ passesAlone: Bool) async throws {
        var plan = FaultPlan(rules: [FaultRule(.poison, when: .item(titleContains: "☠"))])
        plan.poisonPassesAlone = passesAlone
        try await withSandbox { [plan] in $0.faults = plan } _: { sandbox in
            let poisoned = update("bad", ["title": "Lamp ☠"])
            #expect(await sandbox.post([update("a"), poisoned]).answer?.json["error"]?["error_subcode"] == .count(1_803_063))
            #expect(await sandbox.post([update("a")]).answer?.status == 200)
            #expect(await sandbox.post([poisoned]).answer?.errorCode == (passesAlone ? nil : 100))
            #expect(sandbox.catalog().keys.sorted() == (passesAlone ? ["a", "bad"] : ["a"]))
        }
    }

    @Test("A token that expires after some calls stays expired, until the plan is replaced")
    func tokenExpires() async throws {
        try await withSandbox { $0.faults = FaultPlan(rules: [FaultRule(.tokenExpired, when: .after(2))]) } _: { sandbox in
            var codes: [Int?] = []
            for number in 1...4 { codes.append(await sandbox.post([update("sku-\(number)")]).answer?.errorCode) }
            #expect(codes == [nil, nil, 190, 190])
            sandbox.setFaults(.none)
            #expect(await sandbox.post([update("sku-5")]).answer?.status == 200)
        }
    }

    @Test("Kinds that are switched off, and kinds an edge cannot have, never strike")
    func switchedOff() async throws {
        var plan = FaultPlan(rules: [FaultRule(.reset, when: .after(0)), FaultRule(.answerLost, on: .status, when: .after(0)), FaultRule(.slow, when: .after(0))])
        plan.switchedOff = [.reset]
        plan.slowAnswer = .milliseconds(1)
        try await withSandbox { [plan] in $0.faults = plan } _: { sandbox in
            let handle = try await sandbox.handle(update("a"))
            #expect(try await sandbox.verdict(handle)["status"] == "finished")
            #expect(sandbox.calls().map(\.fault) == [.slow, nil, nil, nil])
        }
    }

    @Test("Connections are kept alive between calls")
    func keepAlive() async throws {
        try await withSandbox { sandbox in
            let outcomes = await sandbox.client.send((1...3).map { sandbox.request(batch([update("sku-\($0)")])) })
            #expect(outcomes.map { $0.answer?.status } == [200, 200, 200])
        }
    }

    @Test("The demo's refusals strike foreign hosts and the words of the policy, and each id alike for ever")
    func refusalPlan() async throws {
        try await withSandbox { $0.faults.refusals = .demo } _: { sandbox in
            let verdict = try await sandbox.verdict(
                sandbox.handle(update("a"), update("b", ["link": "https://outlet.example/p/b"]), update("c", ["title": "Replica watch"])))
            #expect(verdict["ids_of_invalid_requests"]?.texts == ["b", "c"])
            #expect(verdict["errors"]?.messages.map { $0.prefix(while: { $0 != ":" }) } == ["Invalid link", "Policy violation"])
            #expect(sandbox.catalog().keys.sorted() == ["a"])
        }
    }
}
