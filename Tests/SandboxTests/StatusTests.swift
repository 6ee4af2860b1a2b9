import Testing

@testable import Sandbox

@Suite("The status of a handle")
struct StatusTests {
    @Test("goes through its words, as often as was set", arguments: [
        (0, ["finished"]), (1, ["started", "finished"]), (2, ["scheduled", "started", "finished"]), (4, ["scheduled", "dispatched", "dispatched", "started", "finished"]),
    ])
    func words(_ delay: Int, _ words: [String]) async throws {
        try await withSandbox { $0.handleDelay = delay } _: { sandbox in
            let handle = try await sandbox.handle(update("a"))
            for word in words {
                let status = try await sandbox.poll(handle)
                #expect(status["status"]?.text == word)
                #expect(status["handle"]?.text == handle)
            }
        }
    }

    @Test("has all seven fields, and names no id unless asked to load them")
    func loadIDs() async throws {
        try await withSandbox { sandbox in
            let handle = try await sandbox.handle(update("a", ["price": "12,50"]))
            let blind = try await sandbox.verdict(handle, loadsIDs: false)
            #expect(
                blind.names == [
                    "handle", "status", "errors", "errors_total_count", "warnings", "warnings_total_count", "ids_of_invalid_requests",
                ])
            #expect(blind["ids_of_invalid_requests"] == .array([]))
            #expect(blind["errors_total_count"] == .count(1))
            #expect(try await sandbox.verdict(handle)["ids_of_invalid_requests"]?.texts == ["a"])
        }
    }

    @Test("lists a sample of the errors, counts all messages, and repeats an id once per error")
    func sample() async throws {
        try await withSandbox { sandbox in
            let records = (1...20).map { update("sku-\($0)", ["price": "12,50", "availability": "soon"]) }
            let answer = try #require(await sandbox.post(records).answer)
            let verdict = try await sandbox.verdict(#require(answer.json["handles"]?.texts.first))
            #expect(verdict["errors"]?.elements.count == 3)
            #expect(verdict["errors_total_count"] == .count(40))
            #expect(verdict["ids_of_invalid_requests"]?.texts.count == 40)
            #expect(Set(verdict["ids_of_invalid_requests"]?.texts ?? []).count == 20)
            #expect(verdict["errors"]?.elements.first?.names == ["line", "id", "message"])
        }
    }

    @Test("of an unknown handle or of none is code 100", arguments: ["", "handle=", "handle=AcxUnknown"])
    func unknown(_ query: String) async throws {
        try await withSandbox { sandbox in
            #expect(await sandbox.get("check_batch_request_status", query).answer?.errorCode == 100)
        }
    }

    @Test("Meta's two bases of `line` and its missing fields among the warnings both occur")
    func quirks() async throws {
        var lines: Set<Int> = [], places: Set<String> = []
        for seed in UInt64(1)...16 {
            try await withSandbox { $0.seed = seed } _: { sandbox in
                let verdict = try await sandbox.verdict(sandbox.handle(update("a", ["brand": nil])))
                #expect(verdict["errors_total_count"] == .count(1))
                for place in ["errors", "warnings"] {
                    guard let entry = verdict[place]?.elements.first else { continue }
                    places.insert(place)
                    lines.insert(entry["line"]?.int ?? -1)
                }
            }
        }
        #expect(lines == [0, 1])
        #expect(places == ["errors", "warnings"])
    }
}
