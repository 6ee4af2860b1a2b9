import ObjectStore
import Testing

/// Archiving a file that somebody may just be replacing: the pinned version arrives, and nothing newer is ever lost.
@Suite("Moving a pinned object")
struct MoveConformanceTests {
    @Test("moves it when nothing has changed", arguments: StoreUnderTest.allCases)
    func moved(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            try await store.put("data/a.csv", "rows")
            let pinned = try await store.pin("data/a.csv")
            #expect(try await store.move("data/a.csv", pinned: pinned, to: "archive/2026/11/21/run/a.csv") == .moved)
            #expect(try await store.keys() == ["archive/2026/11/21/run/a.csv"])
            #expect(try await store.text("archive/2026/11/21/run/a.csv") == "rows")
        }
    }

    @Test("does it once, however often it is asked", arguments: StoreUnderTest.allCases)
    func movedTwice(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            try await store.put("data/a.csv", "rows")
            let pinned = try await store.pin("data/a.csv")
            _ = try await store.move("data/a.csv", pinned: pinned, to: "archive/a.csv")
            let again = try await store.move("data/a.csv", pinned: pinned, to: "archive/a.csv")
            #expect(again == .moved || again == .copiedSourceGone)
            #expect(try await store.keys() == ["archive/a.csv"])
            #expect(try await store.text("archive/a.csv") == "rows")
        }
    }

    @Test("archives the pinned version and leaves the newer one where it is", arguments: StoreUnderTest.allCases)
    func sourceReplaced(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            try await store.put("data/a.csv", "old rows")
            let pinned = try await store.pin("data/a.csv")
            try await store.put("data/a.csv", "new rows")
            let newer = try await store.info("data/a.csv")
            #expect(try await store.move("data/a.csv", pinned: pinned, to: "archive/a.csv") == .copiedSourceChanged)
            #expect(try await store.text("archive/a.csv") == "old rows")
            #expect(try await store.text("data/a.csv") == "new rows")
            #expect(try await store.info("data/a.csv") == newer)
            #expect(try await store.keys() == ["archive/a.csv", "data/a.csv"])
        }
    }

    @Test("archives the pinned version when the source is gone", arguments: StoreUnderTest.allCases)
    func sourceGone(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            try await store.put("data/a.csv", "rows")
            let pinned = try await store.pin("data/a.csv")
            try await store.delete("data/a.csv")
            #expect(try await store.move("data/a.csv", pinned: pinned, to: "archive/a.csv") == .copiedSourceGone)
            #expect(try await store.text("archive/a.csv") == "rows")
            #expect(try await store.keys() == ["archive/a.csv"])
        }
    }

    @Test("copies a version of many blocks whole", arguments: StoreUnderTest.allCases)
    func large(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            let bytes = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 >> 3) }
            try await store.put("data/a.csv", bytes, .always)
            let pinned = try await store.pin("data/a.csv")
            try await store.put("data/a.csv", "new rows")
            #expect(try await store.move("data/a.csv", pinned: pinned, to: "archive/a.csv") == .copiedSourceChanged)
            #expect(try await store.get("archive/a.csv", limit: bytes.count) == bytes)
        }
    }

    @Test("loses no version while a writer replaces the source again and again", arguments: StoreUnderTest.allCases)
    func race(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            async let writing: Void = {
                for number in 0..<kind.rounds { try await store.put("data/a.csv", "version \(number)") }
            }()
            for number in 0..<kind.rounds * 2 / 3 {
                guard let pinned = try await store.pinIfThere("data/a.csv") else { continue }
                let version = try pinned.text()
                _ = try await store.move("data/a.csv", pinned: pinned, to: "archive/\(number).csv")
                #expect(try await store.text("archive/\(number).csv") == version)
            }
            try await writing
            var versions: [String] = []
            for key in try await store.keys() { versions.append(try await store.text(key)) }
            #expect(versions.contains("version \(kind.rounds - 1)"), "the newest version is still in the landing zone, or archived")
        }
    }
}
