import Engine
import Foundation
import ObjectStore
import Testing

@Suite("The journal of a run")
struct RunLogTests {
    private let folder = "shop/2026/11/21/run-1/journal/"

    @Test("begins empty and gives back, in order, what was appended")
    func replay() async throws {
        try await withStore { store in
            let log = try await open(store)
            #expect(await log.isEmpty)
            for word in ["one", "two", "three"] { try await log.append(word) }
            let again = try await open(store)
            #expect(await again.record.words == ["one", "two", "three"])
            #expect(await again.entries == 3)
            try await again.append("four")
            #expect(try await open(store).record.words == ["one", "two", "three", "four"])
            #expect(try await store.list(prefix: folder).map(\.key) == (1...4).map { "\(folder)00000\($0).json" })
        }
    }

    @Test("keeps the order of many who append at once, without a gap")
    func concurrent() async throws {
        try await withStore { store in
            let log = try await open(store)
            try await withThrowingTaskGroup { group in
                for number in 0..<60 { group.addTask { try await log.append("\(number)") } }
                try await group.waitForAll()
            }
            let words = await log.record.words
            #expect(Set(words) == Set((0..<60).map(String.init)))
            #expect(try await open(store).record.words == words, "what is on disk is in the order in which it was applied")
        }
    }

    @Test("applies nothing that is not durable, and goes on after the failure")
    func failedPut() async throws {
        try await withFaultyStore { store in
            let log = try await open(store)
            try await log.append("one")
            store.faults.plan([.before])
            await #expect(throws: StoreError.self) { try await log.append("lost") }
            #expect(await log.record.words == ["one"])
            try await log.append("two")
            #expect(await log.record.words == ["one", "two"])
            #expect(try await open(store).record.words == ["one", "two"])
        }
    }

    @Test("takes an entry whose answer was lost for what it is: written")
    func lostAnswer() async throws {
        try await withFaultyStore { store in
            let log = try await open(store)
            store.faults.plan([.after])
            await #expect(throws: StoreError.self) { try await log.append("one") }
            #expect(await log.record.words == [], "whoever asked was told that it is not sure")
            try await log.append("two")
            #expect(await log.record.words == ["one", "two"], "the same as who reads the journal anew")
            #expect(try await open(store).record.words == ["one", "two"])
        }
    }

    @Test("is as well off when the answer is lost again and again")
    func lostAnswers() async throws {
        try await withFaultyStore { store in
            let log = try await open(store)
            // one: lost answer. two: settling one loses its answer. three: settles one, is written itself.
            store.faults.plan([.after, .after])
            await #expect(throws: StoreError.self) { try await log.append("one") }
            await #expect(throws: StoreError.self) { try await log.append("two") }
            try await log.append("three")
            #expect(await log.record.words == ["one", "three"])
            #expect(try await open(store).record.words == ["one", "three"])
        }
    }

    @Test("notices a second writer and does not apply what that one has overtaken")
    func twoWriters() async throws {
        try await withFaultyStore { store in
            let first = try await open(store)
            let second = try await open(store)
            try await first.append("mine")
            let error = await #expect(throws: StoreError.self) { try await second.append("yours") }
            #expect(error?.reason == .alreadyThere && error?.culprit.hasSuffix("000001.json") == true)
            #expect(await second.record.words == [])
            // Not even where the second writer does not know whether it was itself.
            store.faults.plan([.before])
            await #expect(throws: StoreError.self) { try await second.append("unsure") }
            #expect(await #expect(throws: StoreError.self) { try await second.append("yours") }?.reason == .alreadyThere)
            #expect(try await open(store).record.words == ["mine"])
        }
    }

    @Test("refuses a gap, naming the entry that is missing", arguments: [1, 2])
    func gap(missing: Int) async throws {
        try await withStore { store in
            let log = try await open(store)
            for word in ["one", "two", "three"] { try await log.append(word) }
            try await store.delete("\(folder)00000\(missing).json")
            let error = await #expect(throws: StoreError.self) { _ = try await open(store) }
            #expect(error?.reason == .changed)
            #expect(error?.culprit == "\(store.location)/\(folder)00000\(missing + 1).json")
            #expect(error?.detail.contains("00000\(missing).json") == true && error?.remedy.contains("backup") == true)
        }
    }

    @Test("refuses an entry that cannot be read, naming it", arguments: ["", "\"cut", "{\"from\":\"a later version\"}", "\u{0}\u{0}\u{0}"])
    func damaged(text: String) async throws {
        try await withStore { store in
            let log = try await open(store)
            for word in ["one", "two", "three"] { try await log.append(word) }
            try await store.put("\(folder)000002.json", Array(text.utf8), .always)
            let error = await #expect(throws: StoreError.self) { _ = try await open(store) }
            #expect(error?.reason == .changed && error?.culprit == "\(store.location)/\(folder)000002.json")
            #expect(error?.detail.contains("entry 2") == true && error?.remedy.contains("backup") == true)
        }
    }

    @Test("is packed into one object once the run has ended, and can still go on")
    func packing() async throws {
        try await withStore { store in
            let log = try await open(store)
            for word in ["one", "two\nlines", "ثلاثة"] { try await log.append(word) }
            try await log.pack()
            #expect(try await store.list(prefix: "shop/").map(\.key) == ["shop/2026/11/21/run-1/journal.ndjson.gz"])
            try await log.pack()
            #expect(try await open(store).record.words == ["one", "two\nlines", "ثلاثة"])
            try await log.append("four")
            #expect(try await open(store).record.words == ["one", "two\nlines", "ثلاثة", "four"])
            let again = try await open(store)
            try await again.append("five")
            try await again.pack()
            #expect(try await open(store).record.words == ["one", "two\nlines", "ثلاثة", "four", "five"])
            #expect(try await store.list(prefix: "shop/").count == 1)
        }
    }

    @Test("knows entries that a crash left beside the packed object")
    func crashWhilePacking() async throws {
        try await withStore { store in
            let log = try await open(store)
            for word in ["one", "two", "three"] { try await log.append(word) }
            let second = try await store.get("\(folder)000002.json", limit: 1_000)
            try await log.pack()
            try await store.put("\(folder)000002.json", second, .always)
            let again = try await open(store)
            #expect(await again.record.words == ["one", "two", "three"])
            try await again.append("four")
            try await again.pack()
            #expect(try await open(store).record.words == ["one", "two", "three", "four"])
        }
    }

    @Test("refuses a packed object that is damaged, naming it")
    func damagedPack() async throws {
        try await withStore { store in
            let log = try await open(store)
            for word in ["one", "two", "three"] { try await log.append(word) }
            try await log.pack()
            let key = "shop/2026/11/21/run-1/journal.ndjson.gz"
            let bytes = try await store.get(key, limit: 10_000)
            try await store.put(key, Array(bytes.dropLast(6)), .always)
            let error = await #expect(throws: StoreError.self) { _ = try await open(store) }
            #expect(error?.reason == .changed && error?.culprit == "\(store.location)/\(key)")
            #expect(error?.remedy.contains("backup") == true)
        }
    }

    @Test("an entry is written only under a lease that still holds, and the first one goes behind the word of who writes")
    func underLease() async throws {
        try await withStore { store in
            let lease = LosableLease()
            let log = try await RunLog<WordRecord>.open(store, folder: folder, under: [lease], preface: "lease 7")
            #expect(await log.isEmpty, "who only reads writes nothing")
            try await log.append("one")
            try await log.append("two")
            lease.lose()
            let stop = await #expect(throws: RunStop.self) { try await log.append("three") }
            #expect(stop?.code == .tryAgainLater && stop?.reason == "lease_lost" && stop?.remedy.isEmpty == false)
            await #expect(throws: RunStop.self) { try await log.pack() }
            #expect(try await open(store).record.words == ["lease 7", "one", "two"])
            let next = try await RunLog<WordRecord>.open(store, folder: folder, under: [LosableLease()], preface: "lease 8")
            try await next.append("three")
            #expect(try await open(store).record.words == ["lease 7", "one", "two", "lease 8", "three"])
        }
    }

    private func open(_ store: any ObjectStore) async throws -> RunLog<WordRecord> { try await RunLog.open(store, folder: folder) }

    private func withStore(_ body: (FolderStore) async throws -> Void) async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        try await body(FolderStore(root: folder.path))
    }

    private func withFaultyStore(_ body: (FaultyStore) async throws -> Void) async throws {
        try await withStore { try await body(FaultyStore(base: $0, faults: FaultyStore.Faults())) }
    }
}
