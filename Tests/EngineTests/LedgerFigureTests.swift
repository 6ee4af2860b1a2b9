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
        var found: [String: UInt64] = [:]
        try ledger.keepFigures(adding: [:], replacing: [:]) { found = $0 }
        return found
    }

    @Test("sums go on, values are replaced, and 64 bits are 64 bits")
    func goOn() throws {
        try withFolder { folder in
            let first = try Ledger(folder: folder)
            try first.keepFigures(adding: ["a": 3, "max": .max - 1], replacing: ["g": 0.5.bitPattern]) { _ in }
            let second = try Ledger(folder: folder)
            try second.keepFigures(adding: ["a": 4, "b": 1, "max": 1], replacing: ["g": (-1.0).bitPattern]) { figures in
                #expect(figures == ["a": 7, "b": 1, "max": .max, "g": (-1.0).bitPattern])
            }
            #expect(try kept(first) == ["a": 7, "b": 1, "max": .max, "g": (-1.0).bitPattern])
        }
    }

    @Test("where the file could not be written nothing is kept, and its error comes through")
    func rollsBack() throws {
        struct Full: Error {}
        try withFolder { folder in
            let ledger = try Ledger(folder: folder)
            #expect(throws: Full.self) { try ledger.keepFigures(adding: ["a": 3], replacing: [:]) { _ in throw Full() } }
            #expect(try kept(ledger) == [:])
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
                        try ledger.keepFigures(adding: ["a": 1], replacing: [:]) { figures in
                            let before = Int(String(decoding: try Data(contentsOf: URL(filePath: written)), as: UTF8.self)) ?? -1
                            #expect(figures["a"] == UInt64(before + 1))
                            try Data("\(before + 1)".utf8).write(to: URL(filePath: written))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try kept(Ledger(folder: folder)) == ["a": 80])
    }
}
