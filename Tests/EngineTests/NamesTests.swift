import Engine
import Events
import Testing

@Suite("Names of runs and places")
struct NamesTests {
    @Test("a run id may be", arguments: ["a", "20261121T080000Z-3fa4c1", "A.b_c-9", "...", String(repeating: "x", count: 64), "scheduled__2026-11-21"])
    func valid(text: String) { #expect(RunID.isValid(text)) }

    @Test("a run id may not be", arguments: [
        "", ".", "..", "a/b", "a b", "a\n", "ä", "１", "a:b", "a+b", "a\u{0}", String(repeating: "x", count: 65), "e\u{301}",
    ])
    func invalid(text: String) { #expect(!RunID.isValid(text)) }

    @Test("our own run ids are valid, say the second, and sort by time")
    func made() {
        #expect(RunID.make(at: noon, random: 0x3fa4c1) == "20261121T120000Z-3fa4c1")
        #expect(RunID.make(at: noon, random: 0xab_0000_0000_000f) == "20261121T120000Z-00000f")
        let ids = [0, 1, 59, 60, 3_600, 86_400, 40 * 86_400].map { RunID.make(at: noon + .seconds($0), random: .max) }
        #expect(ids == ids.sorted() && Set(ids).count == ids.count && ids.allSatisfy(RunID.isValid))
    }

    @Test("a run's folder has the contract's layout, with the day in UTC")
    func layout() {
        let folder = RunFolder(pipeline: "shop", runID: "run-1", startedAt: Timestamp(year: 2026, month: 1, day: 2, hour: 23, minute: 59))
        #expect(folder.key == "shop/2026/01/02/run-1")
        #expect(folder.journal == "shop/2026/01/02/run-1/journal/")
        #expect(folder.manifest == "shop/2026/01/02/run-1/manifest.json")
        #expect(folder.report == "shop/2026/01/02/run-1/report.json")
        #expect(folder.receipts == "shop/2026/01/02/run-1/receipts.ndjson.gz")
        #expect(folder.log == "shop/2026/01/02/run-1/log.ndjson.gz")
        #expect(folder.openMark == "shop/open/run-1" && folder.openMark.hasPrefix(RunFolder.openMarks(of: "shop")))
        #expect(RunFolder.lease(of: "shop") == "shop/.lease")
    }

    @Test("of several exit codes the worst one counts, in the contract's order")
    func worst() {
        let order: [ExitCode] = [
            .internalError, .settings, .permission, .cannotWrite, .serviceUnavailable, .tryAgainLater, .validationFailed, .usage, .critical, .doneWithErrors,
            .success,
        ]
        #expect(order.map(\.rawValue) == [70, 78, 77, 73, 69, 75, 65, 64, 2, 1, 0])
        #expect(Set(order) == Set(ExitCode.allCases), "a code outside the order would count as success")
        for (place, code) in order.enumerated() {
            for other in order[place...] {
                #expect(ExitCode.worst([code, other]) == code)
                #expect(ExitCode.worst([other, code]) == code)
            }
        }
        #expect(ExitCode.worst([]) == .success)
        #expect(Set(ExitCode.allCases.map(\.name)).count == ExitCode.allCases.count)
    }

    @Test("only a running and a failed run have no end yet")
    func ends() {
        #expect(RunState.allCases.filter { !$0.isEnd } == [.running, .failed])
        #expect(RunState.allCases.map(\.rawValue) == [
            "running", "done", "done_with_errors", "validation_failed", "held", "failed", "nothing_to_do", "planned",
        ])
    }

    @Test("jitter stays within its range, both ends included")
    func jitter() {
        for (random, expected) in [(UInt64.min, 0.5), (.max, 1.5), (1 << 63, 1.0)] {
            let world = World(now: { noon }, sleep: { _ in }, random: { random })
            #expect(abs(world.jitter(0.5...1.5) - expected) < 1e-9)
            #expect((0.5...1.5).contains(world.jitter(0.5...1.5)))
        }
    }
}
