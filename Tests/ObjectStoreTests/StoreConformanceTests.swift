import Events
import ObjectStore
import Testing

/// What every store promises, whatever it is made of.
@Suite("Every store")
struct StoreConformanceTests {
    @Test("gives back what was put, byte for byte", arguments: StoreUnderTest.allCases)
    func roundTrip(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await store.put("a/b/c.bin", bytes, .always)
            #expect(try await store.get("a/b/c.bin", limit: bytes.count) == bytes)
            try await store.put("empty", [], .always)
            #expect(try await store.get("empty", limit: 0) == [])
        }
    }

    @Test("replaces an object as a whole and gives it another revision", arguments: StoreUnderTest.allCases)
    func replace(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            try await store.put("a", "a longer first version")
            let first = try #require(try await store.info("a"))
            try await store.put("a", "second")
            let second = try #require(try await store.info("a"))
            #expect(try await store.text("a") == "second")
            #expect(first.revision != second.revision && second.size == 6 && second.key == "a")
            #expect(second.modified >= first.modified)
        }
    }

    @Test("puts only once where the object must be absent, and says that it is there already", arguments: StoreUnderTest.allCases)
    func ifAbsent(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            try await store.put("claim", Array("first".utf8), .ifAbsent)
            #expect(try await store.refusal { try await $0.put("claim", Array("second".utf8), .ifAbsent) } == .alreadyThere)
            #expect(try await store.text("claim") == "first")
            try await store.delete("claim")
            try await store.put("claim", Array("third".utf8), .ifAbsent)
            #expect(try await store.text("claim") == "third")
        }
    }

    @Test("lets exactly one of many writers put what must be absent", arguments: StoreUnderTest.allCases)
    func ifAbsentRace(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            let winners = try await withThrowingTaskGroup(of: Int?.self) { group in
                for writer in 0..<16 {
                    group.addTask {
                        try await store.refusal { try await $0.put("race/one", [UInt8(writer)], .ifAbsent) } == nil ? writer : nil
                    }
                }
                return try await group.reduce(into: [Int]()) { winners, winner in if let winner { winners.append(winner) } }
            }
            #expect(winners.count == 1)
            #expect(try await store.get("race/one", limit: 1).map { Int($0) } == winners)
        }
    }

    static let badKeys = [
        "", "/", "/etc/passwd", "../outside", "..", ".", "a/../b", "a/..", "./a", "a//b", "a/", "a/./b", "nul\u{0}byte",
        // To Swift the slash and the mark behind it are one character; to the kernel this leads out.
        "../\u{301}outside", "a/../\u{301}../../outside",
    ]

    @Test("refuses a key that is empty or would lead out, at every door", arguments: StoreUnderTest.allCases, badKeys)
    func badKey(_ kind: StoreUnderTest, key: String) async throws {
        try await kind.use { store in
            try await store.put("pinned", "text")
            let pinned = try await store.pin("pinned")
            #expect(try await store.refusal { try await $0.put(key, [1], .always) } == .badKey)
            #expect(try await store.refusal { try await $0.put(key, [1], .ifAbsent) } == .badKey)
            #expect(try await store.refusal { _ = try await $0.get(key, limit: 10) } == .badKey)
            #expect(try await store.refusal { _ = try await $0.info(key) } == .badKey)
            #expect(try await store.refusal { try await $0.delete(key) } == .badKey)
            #expect(try await store.refusal { _ = try await $0.pin(key) } == .badKey)
            #expect(try await store.refusal { _ = try await $0.move(key, pinned: pinned, to: "there") } == .badKey)
            #expect(try await store.refusal { _ = try await $0.move("pinned", pinned: pinned, to: key) } == .badKey)
            #expect(try await store.refusal { _ in
                _ = try await store.lease(key, for: LeaseHolder(runID: "r", process: "p"), now: Timestamp(nanoseconds: 0))
            } == .badKey)
            #expect(try await store.keys() == ["pinned"])
        }
    }

    @Test("keeps names of every script, and spellings apart that only look the same", arguments: StoreUnderTest.allCases)
    func unicode(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            let names = ["منتجات.csv", "بەرهەم ٢٠٢٦.csv", "caf\u{e9}.csv", "cafe\u{301}.csv", "鞋/靴.csv", "👟.csv", "a b&c+d%20.csv", "data/\u{301}x.csv"]
            for name in names { try await store.put(name, name) }
            let keys = try await store.keys()
            #expect(keys.map { Array($0.utf8) } == names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
            for name in names { #expect(Array(try await store.text(name).utf8) == Array(name.utf8)) }
            #expect(try await store.list(prefix: "data/").count == 1)
        }
    }

    @Test("lists by prefix of bytes and not by folder, sorted by bytes", arguments: StoreUnderTest.allCases)
    func prefixes(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            for key in ["data/b.csv", "data/a/z.csv", "data/a-1.csv", "data/Z.csv", "database", "data/a.csv", "other/data/x"] {
                try await store.put(key, key)
            }
            #expect(try await store.keys("data/") == ["data/Z.csv", "data/a-1.csv", "data/a.csv", "data/a/z.csv", "data/b.csv"])
            #expect(try await store.keys("data") == ["data/Z.csv", "data/a-1.csv", "data/a.csv", "data/a/z.csv", "data/b.csv", "database"])
            #expect(try await store.keys("data/a") == ["data/a-1.csv", "data/a.csv", "data/a/z.csv"])
            #expect(try await store.keys("data/a/") == ["data/a/z.csv"])
            #expect(try await store.keys("data/a.csv") == ["data/a.csv"])
            #expect(try await store.keys("data/a.csv/") == [])
            #expect(try await store.keys("nowhere/") == [])
            #expect(try await store.keys("../") == [])
            #expect(try await store.keys("data/../data/") == [])
            #expect(try await store.keys("/") == [])
            #expect(try await store.list(prefix: "data/b").map(\.size) == [10])
        }
    }

    @Test("says of an object in a list what it says of it alone", arguments: StoreUnderTest.allCases)
    func listAndInfo(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            for number in 0..<5 { try await store.put("n/\(number)", String(repeating: "x", count: number)) }
            for listed in try await store.list(prefix: "n/") { #expect(try await store.info(listed.key) == listed) }
            #expect(try await store.pin("n/3").info == store.info("n/3"))
        }
    }

    @Test("is empty before anything was put", arguments: StoreUnderTest.allCases)
    func nothingThere(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            #expect(try await store.list(prefix: "") == [])
            #expect(try await store.info("a/b") == nil)
            #expect(try await store.exists("a") == false)
            #expect(try await store.pinIfThere("a") == nil)
            #expect(try await store.refusal { _ = try await $0.get("a", limit: 1) } == .notFound)
            #expect(try await store.refusal { _ = try await $0.pin("a") } == .notFound)
            try await store.delete("a/b")
        }
    }

    @Test("takes what is only a part of longer keys for no object", arguments: StoreUnderTest.allCases)
    func folderIsNoObject(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            try await store.put("a/b", "text")
            #expect(try await store.info("a") == nil)
            #expect(try await store.refusal { _ = try await $0.get("a", limit: 1 << 20) } == .notFound)
            #expect(try await store.pinIfThere("a") == nil)
            try await store.delete("a")
            #expect(try await store.pinIfThere("a/b/c") == nil)
            #expect(try await store.info("a/b/c") == nil)
            try await store.delete("a/b/c")
            #expect(try await store.keys() == ["a/b"])
        }
    }

    @Test("reads nothing that is larger than the caller is ready to hold", arguments: StoreUnderTest.allCases)
    func sizeLimit(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            try await store.put("a", "12345")
            #expect(try await store.get("a", limit: 5).count == 5)
            #expect(try await store.refusal { _ = try await $0.get("a", limit: 4) } == .tooLarge)
        }
    }

    @Test("deletes once and has nothing against the second time", arguments: StoreUnderTest.allCases)
    func deletion(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            try await store.put("a/b", "text")
            try await store.put("a/c", "text")
            try await store.delete("a/b")
            try await store.delete("a/b")
            #expect(try await store.keys() == ["a/c"])
        }
    }

    @Test("keeps a pinned version readable through replacement, move and deletion", arguments: StoreUnderTest.allCases)
    func pinned(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            try await store.put("a", "the first version")
            let pinned = try await store.pin("a")
            try await store.put("a", "another")
            #expect(try pinned.text() == "the first version")
            let other = try await store.pin("a")
            #expect(try await store.move("a", pinned: other, to: "b/a") == .moved)
            try await store.delete("b/a")
            #expect(try pinned.text() == "the first version" && other.text() == "another")
            #expect(try pinned.isIntact() && other.isIntact())
        }
    }

    @Test("reads a pinned version at any offset, short only at its end", arguments: StoreUnderTest.allCases)
    func offsets(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            try await store.put("a", "0123456789")
            let pinned = try await store.pin("a")
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 1)
            defer { buffer.deallocate() }
            #expect(try pinned.read(into: buffer, at: 3) == 4 && Array(buffer) == Array("3456".utf8))
            #expect(try pinned.read(into: buffer, at: 8) == 2 && Array(buffer.prefix(2)) == Array("89".utf8))
            #expect(try pinned.read(into: buffer, at: 10) == 0)
            #expect(try pinned.read(into: buffer, at: 1_000) == 0)
        }
    }

    @Test("names in an error the place and a way out", arguments: StoreUnderTest.allCases)
    func errorTexts(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            try await store.put("there", "text")
            let calls: [(any ObjectStore) async throws -> Void] = [
                { _ = try await $0.get("missing", limit: 1) }, { _ = try await $0.get("there", limit: 1) },
                { try await $0.put("there", [], .ifAbsent) }, { try await $0.put("../x", [], .always) },
            ]
            for call in calls {
                let error = await #expect(throws: StoreError.self) { try await call(store) }
                #expect(error?.culprit.hasPrefix(store.location) == true)
                #expect(error?.remedy.hasSuffix(".") == true && error?.detail.isEmpty == false)
            }
        }
    }
}
