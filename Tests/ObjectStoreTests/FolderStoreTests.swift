import Events
import Foundation
import ObjectStore
import Testing

@Suite("A folder as a store")
struct FolderStoreTests {
    @Test("leaves no draft behind, whether a put succeeds or is refused")
    func noDrafts() async throws {
        try await withFolder { store, folder in
            try await store.put("a/b", "text")
            try await store.put("a/b", "text")
            #expect(try await store.refusal { try await $0.put("a/b", [1], .ifAbsent) } == .alreadyThere)
            try FileManager.default.createDirectory(atPath: folder.path + "/a/folder", withIntermediateDirectories: true)
            #expect(try await store.refusal { try await $0.put("a/folder", [1], .always) } == .failed)
            #expect(folder.everything() == ["a", "a/b", "a/folder"])
        }
    }

    @Test("does not list the draft of a process that was killed, and has no such name for anyone")
    func drafts() async throws {
        try await withFolder { store, folder in
            try Data([1]).write(to: URL(fileURLWithPath: folder.path + "/.vitrine-draft-abc"))
            try await store.put("b", "text")
            #expect(try await store.keys() == ["b"])
            #expect(try await store.refusal { try await $0.put("data/.vitrine-draft-x", [1], .always) } == .badKey)
        }
    }

    @Test("gives its files the mode that the umask of its user leaves")
    func mode() async throws {
        try await withFolder { store, folder in
            try await store.put("a", "text")
            try Data().write(to: URL(fileURLWithPath: folder.path + "/judge"))
            #expect(try folder.mode(of: "a") == folder.mode(of: "judge"))
        }
    }

    @Test("knows at once when a pinned file is written to in place", arguments: [
        "appended", "shortened", "overwritten",
    ])
    func inPlace(how: String) async throws {
        try await withFolder { store, folder in
            try await store.put("data/a.csv", "0123456789")
            try folder.setTime(of: "data/a.csv", to: 1_000_000)
            let pinned = try await store.pin("data/a.csv")
            #expect(try pinned.isIntact())
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/data/a.csv"))
            switch how {
            case "appended":
                try handle.seekToEnd()
                try handle.write(contentsOf: Data("more".utf8))
            case "shortened": try handle.truncate(atOffset: 4)
            default: try handle.write(contentsOf: Data("x".utf8))
            }
            try handle.close()
            #expect(try !pinned.isIntact())
            #expect(try await store.refusal { _ = try await $0.move("data/a.csv", pinned: pinned, to: "archive/a.csv") } == .changed)
            #expect(try await store.keys() == ["data/a.csv"], "what was overwritten is neither archived nor lost")
        }
    }

    @Test("puts back what came under the name in the moment of the move")
    func putBack() async throws {
        try await withFolder { store, _ in
            try await store.put("data/a.csv", "old rows")
            let pinned = try await store.pin("data/a.csv")
            // The look before the rename finds the pinned version; what the rename takes is another one.
            let scripted = ScriptedPin(pinned) { look in if look == 1 { try store.write("data/a.csv", Array("new rows".utf8)) } }
            #expect(try await store.move("data/a.csv", pinned: scripted, to: "archive/a.csv") == .copiedSourceChanged)
            #expect(try await store.text("data/a.csv") == "new rows")
            #expect(try await store.text("archive/a.csv") == "old rows")
            #expect(try await store.keys() == ["archive/a.csv", "data/a.csv"])
        }
    }

    @Test("gives it another name where a still newer one has come meanwhile, and never one that is taken")
    func putBackAgain() async throws {
        try await withFolder { store, _ in
            try await store.put("data/sub/a.csv", "old rows")
            try await store.put("data/sub/again-a.csv", "innocent")
            let pinned = try await store.pin("data/sub/a.csv")
            let scripted = ScriptedPin(pinned) { look in
                if look == 1 { try store.write("data/sub/a.csv", Array("new rows".utf8)) }
                if look == 2 { try store.write("data/sub/a.csv", Array("newest rows".utf8)) }
            }
            #expect(try await store.move("data/sub/a.csv", pinned: scripted, to: "archive/a.csv") == .copiedSourceChanged)
            #expect(try await store.text("data/sub/a.csv") == "newest rows")
            #expect(try await store.text("data/sub/again-a.csv") == "innocent")
            #expect(try await store.text("data/sub/again-2-a.csv") == "new rows")
            #expect(try await store.text("archive/a.csv") == "old rows")
        }
    }

    @Test("moves to another disk by copying first", .enabled(if: OtherDisk.isThere, "needs a /dev/shm on another disk than the temporary folder"))
    func otherDisk() async throws {
        try await withFolder { store, folder in
            let disk = try OtherDisk(linkedAs: folder.path + "/archive")
            defer { disk.remove() }
            try await store.put("data/a.csv", "rows")
            let pinned = try await store.pin("data/a.csv")
            #expect(try await store.move("data/a.csv", pinned: pinned, to: "archive/a.csv") == .moved)
            #expect(try await store.text("archive/a.csv") == "rows")
            #expect(try await store.keys("data/") == [])
            #expect(folder.everything() == ["archive", "data"])
        }
    }

    @Test("takes neither a link nor a pipe nor a folder for an object")
    func notPlain() async throws {
        try await withFolder { store, folder in
            try await store.put("a", "text")
            try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: folder.path + "/a")
            #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
            try FileManager.default.createDirectory(atPath: folder.path + "/empty", withIntermediateDirectories: true)
            #expect(try await store.keys() == ["a"])
            for name in ["link", "pipe", "empty"] { #expect(try await store.info(name) == nil) }
            for name in ["pipe", "empty"] { #expect(try await store.refusal { _ = try await $0.pin(name) } == .notFound) }
            #expect(try await store.refusal { _ = try await $0.pin("link") } != nil)
        }
    }

    @Test("lists a file whose name is not UTF-8, so that somebody hears of it")
    func foreignName() async throws {
        try await withFolder { store, folder in
            let path = Array((folder.path + "/caf").utf8) + [0xe9] + Array(".csv".utf8) + [0]
            let descriptor = open(path.map { CChar(bitPattern: $0) }, O_CREAT | O_WRONLY, 0o644)
            try #require(descriptor >= 0)
            close(descriptor)
            #expect(try await store.keys() == ["caf\u{fffd}.csv"])
            #expect(try await store.pinIfThere("caf\u{fffd}.csv") == nil)
        }
    }

    @Test("refuses a name that no disk takes as a bad name")
    func longName() async throws {
        try await withFolder { store, _ in
            let name = String(repeating: "n", count: 300)
            let put = try await store.refusal { try await $0.put(name, [1], .always) }
            let get = try await store.refusal { _ = try await $0.get(name, limit: 1) }
            #expect(put == .badKey && get == .badKey)
            #expect(try await store.pinIfThere("folder/" + name) == nil)
        }
    }

    @Test("finds its place with and without a slash at the end, and where it does not exist yet")
    func roots() async throws {
        try await withFolder { _, folder in
            try await FolderStore(root: folder.path + "/new/place/").put("a/b", "text")
            #expect(try await FolderStore(root: folder.path + "/new/place").text("a/b") == "text")
            #expect(FolderStore(root: "/").root == "/" && FolderStore(root: "").root == ".")
        }
    }

    @Test("says that it may not, where it may not", .enabled(if: geteuid() != 0, "root may write everywhere: run as another user to see it"))
    func denied() async throws {
        try await withFolder { store, folder in
            try await store.put("closed/a", "text")
            chmod(folder.path + "/closed", 0o500)
            defer { chmod(folder.path + "/closed", 0o700) }
            #expect(try await store.refusal { try await $0.put("closed/b", [1], .always) } == .denied)
            #expect(try await store.refusal { try await $0.put("closed/new/b", [1], .always) } == .denied)
            #expect(try await store.refusal { try await $0.delete("closed/a") } == .denied)
            #expect(try await store.text("closed/a") == "text")
            chmod(folder.path + "/closed", 0)
            #expect(try await store.refusal { _ = try await $0.list(prefix: "") } == .denied)
            #expect(try await store.refusal { _ = try await $0.get("closed/a", limit: 10) } == .denied)
        }
    }

    private func withFolder(_ body: (FolderStore, TemporaryFolder) async throws -> Void) async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        try await body(FolderStore(root: folder.path), folder)
    }
}

/// A pin that does something when it is looked at, for what otherwise happens within microseconds.
private final class ScriptedPin: PinnedObject, @unchecked Sendable {
    // Unchecked: one test calls it from one task.
    private let pinned: any PinnedObject
    private let act: (Int) throws -> Void
    private var looks = 0

    init(_ pinned: any PinnedObject, act: @escaping (Int) throws -> Void) {
        self.pinned = pinned
        self.act = act
    }

    /// The first look comes before the rename, the second one after it.
    var info: ObjectInfo {
        looks += 1
        do { try act(looks) } catch { Issue.record(error) }
        return pinned.info
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StoreError) -> Int { try pinned.read(into: buffer, at: offset) }
    func isIntact() throws(StoreError) -> Bool { try pinned.isIntact() }
}

/// A folder on another disk, seen under a name of ours.
private struct OtherDisk {
    private let path: String

    static var isThere: Bool {
        var here = stat()
        var there = stat()
        return stat(FileManager.default.temporaryDirectory.path, &here) == 0 && stat("/dev/shm", &there) == 0 && here.st_dev != there.st_dev
            && access("/dev/shm", W_OK) == 0
    }

    init(linkedAs link: String) throws {
        path = "/dev/shm/store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

extension TemporaryFolder {
    fileprivate func mode(of name: String) throws -> Int {
        (try FileManager.default.attributesOfItem(atPath: path + "/" + name)[.posixPermissions] as? Int) ?? -1
    }

    fileprivate func setTime(of name: String, to seconds: Double) throws {
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: path + "/" + name)
    }
}
