import Events
import Foundation
import ObjectStore
import TestKit
import Testing

/// Every store there is, each made fresh for one test. A new store joins the list and has to pass the same suites.
enum StoreUnderTest: String, Sendable, CustomTestStringConvertible {
    case folder
    /// On moto.
    case bucket

    /// On Ceph's gateway.
    case rados

    static let allCases: [StoreUnderTest] = [.folder] + (Judge.python.isHere ? [.bucket] : []) + (RadosGateway.isWanted ? [.rados] : [])

    var testDescription: String { rawValue }

    /// Gives an empty store for as long as `body` works.
    func use(_ body: (any LeasingStore) async throws -> Void) async throws {
        switch self {
        case .folder:
            let folder = TemporaryFolder()
            defer { folder.remove() }
            try await body(FolderStore(root: folder.path + "/store"))
        case .bucket: try await useBucket(try MotoServer.shared().environment, body)
        case .rados: try await useBucket(try RadosGateway.shared().environment, body)
        }
    }

    private func useBucket(_ environment: [String: String], _ body: (any LeasingStore) async throws -> Void) async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        try await body(try await Bucket(environment).newStore(path: "/some/place", spool: folder.path))
    }
}

struct TemporaryFolder {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Every name below the folder, as the operating system sees it, drafts and all.
    func everything() -> [String] { (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted() }
}

extension ObjectStore {
    func put(_ key: String, _ text: String) async throws { try await put(key, Array(text.utf8), .always) }

    func text(_ key: String) async throws -> String { String(decoding: try await get(key, limit: 1 << 20), as: UTF8.self) }

    func keys(_ prefix: String = "") async throws -> [String] { try await list(prefix: prefix).map(\.key) }

    /// The reason of the `StoreError` that `body` ends with; nil where it succeeds.
    func refusal(_ body: (any ObjectStore) async throws -> Void) async throws -> StoreError.Reason? {
        do {
            try await body(self)
            return nil
        } catch let error as StoreError {
            return error.reason
        }
    }
}

extension PinnedObject {
    func text() throws -> String {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: info.size + 16, alignment: 1)
        defer { buffer.deallocate() }
        let count = try read(into: buffer, at: 0)
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}
