import Engine
import Events
import Foundation
import ObjectStore
import Synchronization
import Telemetry
import Testing

@testable import VitrineApp

/// Two processes on one ledger: `serve`, and a run that a person starts beside it.
@Suite("Totals of two processes")
struct KeptFiguresTests {
    private func withLedger(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kept-\(UUID().uuidString)").path
        try FolderStore.makeFolders(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private struct Process {
        let registry = MetricRegistry(.vitrine(pipelines: ["shop", "annex"]))
        let figures: KeptFigures

        init(_ folder: String, now: @escaping @Sendable () -> Timestamp = { Timestamp(nanoseconds: 0) }) throws {
            figures = KeptFigures(ledger: try Ledger(folder: folder), now: now)
        }

        func keep(_ worked: Set<String>) throws -> MetricSnapshot { try figures.keep(registry.snapshot(), worked: worked).snapshot }
    }

    private static func gauge(_ snapshot: MetricSnapshot, _ metric: MetricName, _ pipeline: String = "shop") -> MetricSnapshot.Value? {
        snapshot.value(of: metric, pipeline: pipeline)
    }

    @Test("counters add up in both, and a gauge is the word of whoever changed it last")
    func together() throws {
        try withLedger { folder in
            let serve = try Process(folder), run = try Process(folder)
            serve.registry.set(.lastSuccess, 9, pipeline: "shop")
            serve.registry.apply(.init(.add, .handleErrors, 2), pipeline: "shop")
            _ = try serve.keep(["shop", "annex"])
            run.registry.set(.lastSuccess, 10, pipeline: "shop")
            run.registry.apply(.init(.add, .handleErrors, 3), pipeline: "shop")
            _ = try run.keep(["shop"])
            // A minute later nothing has changed in serve: it must not bring its older word back.
            let told = try serve.keep(["shop", "annex"])
            #expect(Self.gauge(told, .lastSuccess) == .gauge(10) && told.value(of: .handleErrors, pipeline: "shop") == .counter(5))
            serve.registry.set(.lastSuccess, 11, pipeline: "shop")
            #expect(try Self.gauge(serve.keep(["shop", "annex"]), .lastSuccess) == .gauge(11))
            #expect(try Self.gauge(run.keep(["annex"]), .lastSuccess) == .gauge(11))
        }
    }

    @Test("a gauge that was known before its pipeline was worked on is kept when it is")
    func later() throws {
        try withLedger { folder in
            let serve = try Process(folder)
            serve.registry.set(.lastFile, 5, pipeline: "annex")
            _ = try serve.keep(["shop"])
            _ = try serve.keep(["annex"])
            #expect(try Self.gauge(Process(folder).keep([]), .lastFile, "annex") == .gauge(5))
        }
    }

    @Test("what could not be kept is kept the next time")
    func again() throws {
        try withLedger { folder in
            let process = try Process(folder)
            process.registry.apply(.init(.add, .handleErrors, 2), pipeline: "shop")
            let other = try Process(folder)
            #expect(throws: (any Error).self) { try process.figures.write(process.registry.snapshot(), to: folder + "/ledger.sqlite/no") }
            #expect(try other.keep([]).value(of: .handleErrors, pipeline: "shop") == .counter(0), "writing keeps nothing")
            #expect(try process.keep([]).value(of: .handleErrors, pipeline: "shop") == .counter(2))
            #expect(try process.keep([]).value(of: .handleErrors, pipeline: "shop") == .counter(2), "once")
        }
    }
}
