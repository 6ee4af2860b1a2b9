import AWS
import Glibc
import Transport

/// One version of an object, brought to an unnamed file of the spool folder. A broken connection is taken up where it broke, still under the
/// same ETag; an object that is replaced meanwhile is begun anew.
struct S3Spooling {
    let store: S3Store
    let key: String
    /// In the bucket.
    let name: String

    /// How often a version may be replaced under our hands.
    private static let mostVersions = 4
    /// Broken connections in a row without one new byte.
    private static let mostStalls = 4

    func run() async throws(StoreError) -> SpooledObject {
        // One answer is of one version, and as a rule it comes whole. Only where it breaks must the ETag be known to go on.
        if let whole = try await atOnce() { return whole }
        for _ in 0..<Self.mostVersions {
            guard let object = try await store.asking(key, { () throws(AWSError) in try await store.bucket.head(name) }) else { throw missing }
            if let file = try await inPieces(object) { return SpooledObject(info: store.info(object), file: file) }
        }
        throw StoreError(
            .changed, culprit: store.culprit(key), detail: "it was replaced \(Self.mostVersions) times while it was read",
            remedy: "Let its writer finish, or give each delivery a name of its own.")
    }

    /// Nil where the connection broke.
    private func atOnce() async throws(StoreError) -> SpooledObject? {
        let file = try newFile()
        do throws(AWSError) {
            let object = try await store.bucket.get(name, into: file, limit: store.options.largestPin)
            return SpooledObject(info: store.info(object), file: file)
        } catch {
            if error.reason == .notFound, error.code != "NoSuchBucket" { throw missing }
            guard Self.canGoOn(error) else { throw StoreError(error, at: store.culprit(key)) }
            return nil
        }
    }

    /// Nil where this version is gone.
    private func inPieces(_ object: S3Object) async throws(StoreError) -> OpenFile? {
        let file = try newFile()
        var stalls = 0
        var have = 0
        while have < object.size {
            do throws(AWSError) {
                _ = try await store.bucket.get(name, into: file, from: have, limit: object.size, ifMatch: object.etag)
            } catch {
                if error.reason == .preconditionFailed || error.reason == .notFound && error.code != "NoSuchBucket" { return nil }
                guard Self.canGoOn(error) else { throw StoreError(error, at: store.culprit(key)) }
                stalls = try size(file) > have ? 0 : stalls + 1
                guard stalls < Self.mostStalls else { throw StoreError(error, at: store.culprit(key)) }
            }
            have = try size(file)
        }
        return file
    }

    private func newFile() throws(StoreError) -> OpenFile {
        guard let file = OpenFile.unnamed(in: store.options.spool) else { throw StoreError.posix(store.options.spool, doing: "write in") }
        return file
    }

    private var missing: StoreError {
        StoreError(.notFound, culprit: store.culprit(key), detail: "there is no such object", remedy: "Check the path in the settings.")
    }

    private static func canGoOn(_ error: AWSError) -> Bool {
        error.reason == .transport(.partialAnswer) || error.reason == .transport(.timeout) || error.reason == .transport(.closedBeforeAnswer)
    }

    private func size(_ file: OpenFile) throws(StoreError) -> Int {
        guard let size = file.size else { throw StoreError.posix(store.options.spool, doing: "look at") }
        return size
    }
}

/// One version of an object as it lies in the spool. Nobody else can name the file, so it never changes.
final class SpooledObject: PinnedObject {
    let info: ObjectInfo
    let file: OpenFile

    init(info: ObjectInfo, file: OpenFile) {
        self.info = info
        self.file = file
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StoreError) -> Int {
        guard let count = file.read(into: buffer, at: offset) else { throw StoreError.posix("the spool of \(info.key)", doing: "read") }
        return count
    }

    func isIntact() -> Bool { true }
}
