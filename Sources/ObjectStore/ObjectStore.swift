public import Events
public import Transport

/// Named bytes in one place: a folder or a bucket. Keys are relative, parts joined by `/`, never starting with one.
///
/// A call that returns has happened durably: what `put` stored survives a loss of power.
public protocol ObjectStore: Sendable {
    /// What to call the place in a message: a folder's path or a bucket's URL.
    var location: String { get }

    /// Every object whose key starts with `prefix`, sorted by key.
    func list(prefix: String) async throws(StoreError) -> [ObjectInfo]

    /// The whole object. `limit` is the most bytes the caller is ready to hold; a larger object is `.tooLarge`.
    func get(_ key: String, limit: Int) async throws(StoreError) -> [UInt8]

    func info(_ key: String) async throws(StoreError) -> ObjectInfo?

    func put(_ key: String, _ bytes: [UInt8], _ condition: PutCondition) async throws(StoreError)

    /// The whole of a file, read as it is stored; whatever was there is replaced.
    func put(_ key: String, file: OpenFile) async throws(StoreError)

    /// Deleting what is not there is no error.
    func delete(_ key: String) async throws(StoreError)

    /// Holds on to one version of an object: what is read from the result never changes, whatever happens to the key.
    func pin(_ key: String) async throws(StoreError) -> any PinnedObject

    /// Moves an object, provided that it still is the pinned version. The destination gets the pinned version in any case where that can
    /// still be read; a source that has changed stays where it is.
    func move(_ key: String, pinned: any PinnedObject, to destination: String) async throws(StoreError) -> MoveOutcome
}

/// Conditions of a `put`: S3 calls them If-None-Match, a folder has link(2).
public enum PutCondition: Sendable { case always, ifAbsent }

public struct ObjectInfo: Sendable, Equatable, Codable {
    public var key: String
    /// Bytes.
    public var size: Int
    public var modified: Timestamp
    /// Tells one version of an object from another: inode, size and time on a folder, the ETag on S3.
    public var revision: String

    public init(key: String, size: Int, modified: Timestamp, revision: String) {
        self.key = key
        self.size = size
        self.modified = modified
        self.revision = revision
    }
}

/// One version of an object, open for reading at any offset.
public protocol PinnedObject: Sendable {
    var info: ObjectInfo { get }
    /// Fills the buffer from `offset`; short only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StoreError) -> Int
    /// True while the bytes are still those that were pinned: a writer that appends to the file in place makes it false.
    func isIntact() throws(StoreError) -> Bool
}

public enum MoveOutcome: Sendable, Equatable {
    case moved
    /// The source is another version by now: the pinned one was written to the destination, the newer one was left in place.
    case copiedSourceChanged
    /// The source was not there any more: the pinned version was written to the destination.
    case copiedSourceGone
}

extension ObjectStore {
    /// Nil where there is no such object.
    public func pinIfThere(_ key: String) async throws(StoreError) -> (any PinnedObject)? {
        do {
            return try await pin(key)
        } catch {
            if error.reason == .notFound { return nil }
            throw error
        }
    }

    public func exists(_ key: String) async throws(StoreError) -> Bool { try await info(key) != nil }
}
