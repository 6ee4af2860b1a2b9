import Engine
import Events
import ObjectStore
import Testing

@Suite("Pauses")
struct PauseTests {
    private func pause(until: Timestamp? = nil) -> Pause {
        Pause(pipeline: "shop", author: "ana", reason: "stock-taking", since: noon, until: until)
    }

    private func book(_ body: (PauseBook, FolderStore) async throws -> Void) async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let store = FolderStore(root: folder.path)
        try await body(PauseBook(store: store), store)
    }

    @Test("outlive the process, and are of one pipeline only")
    func durable() async throws {
        try await book { book, store in
            try await book.write(pause())
            #expect(try await PauseBook(store: store).inForce("shop", at: noon + .seconds(86_400 * 365)) == pause())
            #expect(try await book.entry("other") == nil)
            try await book.lift("shop")
            try await book.lift("shop")
            #expect(try await book.entry("shop") == nil)
        }
    }

    @Test("end by themselves when their time is over, to the moment", arguments: [(-1, true), (59, true), (60, false), (61, false)])
    func over(seconds: Int, isInForce: Bool) async throws {
        try await book { book, _ in
            try await book.write(pause(until: noon + .seconds(60)))
            #expect(try await (book.inForce("shop", at: noon + .seconds(seconds)) != nil) == isInForce)
        }
    }

    @Test("are replaced by a later one")
    func replaced() async throws {
        try await book { book, _ in
            try await book.write(pause(until: noon + .seconds(60)))
            try await book.write(pause())
            #expect(try await book.entry("shop")?.until == nil)
        }
    }

    @Test("that cannot be read are told, and not taken for none")
    func damaged() async throws {
        try await book { book, store in
            try await store.put("paused/shop.json", Array("{".utf8), .always)
            await #expect(throws: StoreError.self) { try await book.inForce("shop", at: noon) }
        }
    }

    @Test("say who, why and until when, and how to end them")
    func words() {
        let stop = RunStop.paused(pause(until: noon + .seconds(3600)))
        #expect(stop.code == .tryAgainLater)
        for word in ["ana", "stock-taking", "2026-11-21T13:00:00.000Z"] { #expect(stop.detail.contains(word)) }
        #expect(stop.remedy.contains("vitrine resume shop --reason"))
    }
}
