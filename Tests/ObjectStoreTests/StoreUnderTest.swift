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

    static let allCases: [StoreUnderTest] = Judge.python.isHere ? [.folder, .bucket] : [.folder]

    var testDescription: String { rawValue }

    /// Gives an empty store for as long as `body` works.
    func use(_ body: (any LeasingStore) async throws -> Void) async throws {
        switch self {
        case .folder:
            let folder = TemporaryFolder()
            defer { folder.remove() }
            try await body(FolderStore(root: folder.path + "/store"))
        case .bucket:
            let folder = TemporaryFolder()
            defer { folder.remove() }
            let server = try MotoServer.shared()
            let bucket = "store-\(UUID().uuidString.lowercased())"
            try await server.makeBucket(bucket)
            try await body(try Bucket(server.environment).store("s3://\(bucket)/some/place", spool: folder.path))
        }
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
