import AWS
import Events
import Foundation
import ObjectStore
import TestKit
import Testing
import Transport

@Suite("A bucket as a store", .enabled(if: Judge.python.isHere))
struct S3StoreTests {
    private func withStore(
        _ path: String = "", _ change: (inout S3Store.Options) -> Void = { _ in }, _ body: (S3Store, MotoServer) async throws -> Void
    ) async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let server = try await MotoServer.shared()
        let bucket = "own-\(UUID().uuidString.lowercased())"
        try await server.makeBucket(bucket)
        try await body(try Bucket(server.environment).store("s3://\(bucket)\(path)", spool: folder.path, change), server)
        #expect(folder.everything() == [], "nothing of the spool has a name")
    }

    static let oddNames = [
        "a+b.csv", "a b.csv", "a=b&c.csv", "100%.csv", "%41.csv", "é.csv", "cafe\u{301}.csv", "quote'\"<>&.csv", "tab\tline\u{1}.csv", "منتجات.csv", "👟.csv", "~tilde",
        "[x]{y}|^`\\", "a:b,c;d@e$f!g*h(i)", "?q#f",
    ]

    @Test("lists page by page, and odd keys as they are")
    func oddKeys() async throws {
        try await withStore { store, server in
            let names = Self.oddNames
            for name in names { try await store.put(name, name) }
            #expect(try await store.keys().map { Array($0.utf8) } == names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
            for name in names { #expect(Array(try await store.pin(name).text().utf8) == Array(name.utf8)) }
            for name in names where name.hasPrefix("a") { #expect(try await store.keys(name) == [name]) }
            for name in names {
                let pinned = try await store.pin(name)
                #expect(try await store.move(name, pinned: pinned, to: "moved/\(name)") == .moved)
                #expect(Array(try await store.text("moved/\(name)").utf8) == Array(name.utf8))
            }
            #expect(try await store.list(prefix: "moved/").count == names.count)
        }
    }

    @Test("shows keys of others that look like ways out, and touches none of them; a console's folder is nothing")
    func foreignKeys() async throws {
        try await withStore { store, server in
            for path in ["/data//a.csv", "/data/../b.csv", "/data/./c.csv", "/data/folder/", "/%2Froot"] {
                _ = try await server.ask(
                    .put, "/\(store.place.bucket)\(path)", service: "s3", body: path == "/data/folder/" ? "" : "rows",
                    headers: [(name: "Content-Type", value: "text/csv")])
            }
            let keys = try await store.keys("data/")
            #expect(keys == ["data/../b.csv", "data/./c.csv", "data//a.csv"])
            for key in keys { #expect(try await store.refusal { _ = try await $0.pin(key) } == .badKey) }
        }
    }

    @Test("keeps to its part of the bucket")
    func prefixes() async throws {
        try await withStore("/shop/landing/") { store, server in
            #expect(store.location == "s3://\(store.place.bucket)/shop/landing")
            try await store.put("data/a.csv", "rows")
            _ = try await server.ask(.put, "/\(store.place.bucket)/shop/landing-2/x", service: "s3", body: "x", headers: [(name: "Content-Type", value: "text/csv")])
            #expect(try await store.keys() == ["data/a.csv"])
            let whole = try Bucket(server.environment).store("s3://\(store.place.bucket)", spool: store.location)
            #expect(try await whole.keys() == ["shop/landing-2/x", "shop/landing/data/a.csv"])
        }
    }

    @Test("puts in parts what is large, whole and once", arguments: [PutCondition.always, .ifAbsent])
    func parts(condition: PutCondition) async throws {
        try await withStore("", { $0.largestPut = 1_000; $0.partSize = 300 }) { store, _ in
            let bytes = (0..<1_001).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            try await store.put("large", bytes, condition)
            #expect(try await store.get("large", limit: 2_000) == bytes)
            #expect(try #require(try await store.info("large")).revision.hasSuffix("-4"))
            if condition == .ifAbsent { #expect(try await store.refusal { try await $0.put("large", bytes, .ifAbsent) } == .alreadyThere) }
            #expect(try await Self.openUploads(store) == 0)
        }
    }

    @Test("copies in parts what is too large for one copy")
    func copyInParts() async throws {
        try await withStore("", { $0.largestCopy = 1_000; $0.copyPartSize = 400 }) { store, _ in
            let bytes = (0..<1_001).map { UInt8(truncatingIfNeeded: $0 &* 11) }
            try await store.put("data/a", bytes, .always)
            #expect(try await store.move("data/a", pinned: try await store.pin("data/a"), to: "archive/a") == .moved)
            #expect(try await store.get("archive/a", limit: 2_000) == bytes)
            #expect(try await store.keys() == ["archive/a"])
            #expect(try #require(try await store.info("archive/a")).revision.hasSuffix("-3"))
        }
    }

    @Test("brings a pinned version that was replaced from the spool, in parts where it is large")
    func fromSpool() async throws {
        try await withStore("", { $0.largestPut = 1_000; $0.partSize = 300 }) { store, _ in
            let bytes = (0..<2_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
            try await store.put("data/a", bytes, .always)
            let pinned = try await store.pin("data/a")
            try await store.put("data/a", "new")
            #expect(try await store.move("data/a", pinned: pinned, to: "archive/a") == .copiedSourceChanged)
            #expect(try await store.get("archive/a", limit: 2_000) == bytes)
            #expect(try await store.text("data/a") == "new")
        }
    }

    @Test("takes what another store has pinned")
    func foreignPin() async throws {
        try await withStore { store, _ in
            let folder = TemporaryFolder()
            defer { folder.remove() }
            let other = FolderStore(root: folder.path)
            try await other.put("a", "from a disk")
            #expect(try await store.move("gone", pinned: try await other.pin("a"), to: "archive/a") == .copiedSourceGone)
            #expect(try await store.text("archive/a") == "from a disk")
        }
    }

    @Test("finishes a move that was cut between the copy and the delete")
    func cutMove() async throws {
        try await withStore { store, _ in
            try await store.put("data/a", "rows")
            let pinned = try await store.pin("data/a")
            try await store.put("archive/a", "rows")  // what the copy has left
            #expect(try await store.move("data/a", pinned: pinned, to: "archive/a") == .moved)
            #expect(try await store.keys() == ["archive/a"])
        }
    }

    @Test("does not pin what would fill the disk, nor where there is no spool")
    func bounds() async throws {
        try await withStore("", { $0.largestPin = 3 }) { store, server in
            try await store.put("a", "1234")
            #expect(try await store.refusal { _ = try await $0.pin("a") } == .tooLarge)
            let nowhere = try Bucket(server.environment).store(store.location, spool: "/nowhere/at/all")
            #expect(try await nowhere.refusal { _ = try await $0.pin("a") } == .notFound)
        }
    }

    @Test("does not take a missing bucket for an empty one")
    func missingBucket() async throws {
        let server = try await MotoServer.shared()
        let store = try Bucket(server.environment).store("s3://not-there-\(UUID().uuidString.lowercased())", spool: NSTemporaryDirectory())
        for call in [{ _ = try await store.list(prefix: "") }, { _ = try await store.get("a", limit: 1) }, { try await store.put("a", "x") }] as [() async throws -> Void] {
            let error = await #expect(throws: StoreError.self) { try await call() }
            #expect(error?.reason == .failed && error?.detail.contains("NoSuchBucket") == true)
        }
    }

    @Test("is named by a URL", arguments: [
        ("s3://bucket", "bucket", ""), ("s3://bucket/", "bucket", ""), ("s3://my.bucket-1/a/b//", "my.bucket-1", "a/b/"),
        ("s3://b", nil, nil), ("s3://Bucket", nil, nil), ("s3:/bucket", nil, nil), ("https://bucket", nil, nil), ("s3://bucket/../x", nil, nil),
        ("s3://bucket//x", nil, nil), ("s3://", nil, nil), ("s3://a..b", nil, nil),
    ] as [(String, String?, String?)])
    func places(url: String, bucket: String?, prefix: String?) {
        let place = S3Place(url: url)
        #expect(place?.bucket == bucket && place?.prefix == prefix)
    }

    private static func openUploads(_ store: S3Store) async throws -> Int {
        let answer = try await MotoServer.shared().ask(.get, "/\(store.place.bucket)?uploads=", service: "s3")
        return String(decoding: answer, as: UTF8.self).components(separatedBy: "<Upload>").count - 1
    }
}
