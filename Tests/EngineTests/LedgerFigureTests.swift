import Engine
import Events
import Foundation
import ObjectStore
import Testing

@Suite("Figures in the ledger")
struct LedgerFigureTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "figures-\(UUID().uuidString)").path
        try FolderStore.makeFolders(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func kept(_ ledger: Ledger) throws -> [String: UInt64] {
        try ledger.withFigures { $0 }
    }

    @Test("sums go on, values are replaced, and 64 bits are 64 bits")
    func goOn() throws {
        try withFolder { folder in
            let first = try Ledger(folder: folder)
            try first.keepFigures(adding: ["a": 3, "max": .max - 1], replacing: ["g": 0.5.bitPattern])
            let second = try Ledger(folder: folder)
            try second.keepFigures(adding: ["a": 4, "b": 1, "max": 1], replacing: ["g": (-1.0).bitPattern])
            #expect(try kept(first) == ["a": 7, "b": 1, "max": .max, "g": (-1.0).bitPattern])
        }
    }

    @Test("whoever fails with the totals in hand loses none of them, and its error comes through")
    func keepsAllTheSame() throws {
        struct Full: Error {}
        try withFolder { folder in
            let ledger = try Ledger(folder: folder)
            try ledger.keepFigures(adding: ["a": 3], replacing: [:])
            #expect(throws: Full.self) { try ledger.withFigures { _ in throw Full() } }
            #expect(try kept(ledger) == ["a": 3])
        }
    }

    @Test("its name is a UUID, the same for every process, and stays")
    func identity() throws {
        try withFolder { folder in
            let name = try Ledger(folder: folder).identity((0x0123_4567_89AB_CDEF, 0))
            #expect(name == "01234567-89ab-4def-8000-000000000000" && UUID(uuidString: name) != nil)
            #expect(try Ledger(folder: folder).identity((.max, .max)) == name)
        }
    }

    @Test("eight writers at once lose nothing, and hand over totals that only rise")
    func together() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "figures-\(UUID().uuidString)").path
        try FolderStore.makeFolders(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let written = folder + "/last"
        try Data("0".utf8).write(to: URL(filePath: written))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    // A ledger of its own: another connection, as another process has.
                    let ledger = try Ledger(folder: folder)
                    for _ in 0..<10 {
                        try ledger.keepFigures(adding: ["a": 1], replacing: [:])
                        try ledger.withFigures { figures in
                            let before = UInt64(String(decoding: try Data(contentsOf: URL(filePath: written)), as: UTF8.self)) ?? .max
                            let now = figures["a"] ?? 0
                            #expect(now >= before)
                            try Data("\(now)".utf8).write(to: URL(filePath: written))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try kept(Ledger(folder: folder)) == ["a": 80])
        #expect(try String(contentsOfFile: written, encoding: .utf8) == "80", "no older totals came behind newer ones")
    }
}
