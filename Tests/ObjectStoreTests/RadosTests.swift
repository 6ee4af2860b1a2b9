import AWS
import Events
import Foundation
import ObjectStore
import Synchronization
import TestKit
import Testing
import Transport

/// Beside the conformance of `StoreUnderTest.rados`: what only a server that checks signatures, hashes and clocks can say.
@Suite("A bucket on a strict server", .enabled(if: RadosGateway.isWanted))
struct RadosTests {
    private func withStore(
        clock: @escaping @Sendable () -> Timestamp = { Timestamp(seconds: Date().timeIntervalSince1970) }, _ change: (inout S3Store.Options) -> Void = { _ in },
        _ body: (S3Store) async throws -> Void
    ) async throws {
        let environment = try await RadosGateway.shared().environment
        var world = AWSWorld.test(environment)
        world.now = clock
        let folder = TemporaryFolder()
        defer { folder.remove() }
        try await body(try await Bucket(environment, world: world).newStore(spool: folder.path, change))
    }

    @Test("takes our signature for every odd key, at every door")
    func oddKeys() async throws {
        try await withStore { store in
            for name in S3StoreTests.oddNames {
                try await store.put("data/" + name, name)
                let pinned = try await store.pin("data/" + name)
                #expect(try Array(pinned.text().utf8) == Array(name.utf8))
                #expect(try await store.keys("data/" + name) == ["data/" + name])
                #expect(try await store.move("data/" + name, pinned: pinned, to: "archive/" + name) == .moved)
            }
            #expect(try await store.keys().map { Array($0.utf8) } == S3StoreTests.oddNames.map { Array("archive/\($0)".utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
        }
    }

    @Test("takes parts of real size, from memory and from the spool")
    func parts() async throws {
        try await withStore({ $0.largestPut = 8 << 20; $0.partSize = 5 << 20 }) { store in
            let bytes = (0..<11).flatMap { [UInt8](repeating: $0, count: 1 << 20) }
            try await store.put("data/large", bytes, .ifAbsent)
            let pinned = try await store.pin("data/large")
            #expect(pinned.info.size == bytes.count && pinned.info.revision.hasSuffix("-3"))
            try await store.put("data/large", "small")
            #expect(try await store.move("data/large", pinned: pinned, to: "archive/large") == .copiedSourceChanged)
            #expect(try await store.get("archive/large", limit: bytes.count) == bytes)
        }
    }

    @Test("is signed with its own time where our clock is an hour off", arguments: [-3_600.0, 3_600])
    func clock(off: Double) async throws {
        try await withStore(clock: { Timestamp(seconds: Date().timeIntervalSince1970 + off) }) { store in
            try await store.put("a", "text")
            #expect(try await store.text("a") == "text")
        }
    }

    @Test("refuses a wrong secret, and a body that is not what was signed")
    func refusals() async throws {
        try await withStore { store in
            var environment = try await RadosGateway.shared().environment
            environment["AWS_SECRET_ACCESS_KEY"] = "wrong"
            let stranger = try Bucket(environment).store(store.location, spool: NSTemporaryDirectory())
            let error = await #expect(throws: StoreError.self) { try await stranger.list(prefix: "") }
            #expect(error?.reason == .permission && error?.detail.contains("SignatureDoesNotMatch") == true)

            let file = try #require(OpenFile.unnamed(in: NSTemporaryDirectory()))
            #expect(Array("rows".utf8).withUnsafeBytes { file.write($0, at: 0) })
            let wrong = S3Body.file(FileRange(file, count: 4), sha256: String(repeating: "0", count: 64))
            let session = try Bucket(await RadosGateway.shared().environment).session
            let refusal = await #expect(throws: AWSError.self) { try await S3Bucket(store.place.bucket, in: session).put("b", wrong) }
            #expect(refusal?.code == "XAmzContentSHA256Mismatch")
        }
    }
}
