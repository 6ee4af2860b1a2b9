public import AWS
import Events
import Transport

/// A bucket, or a part of one, as an object store. Nothing of a large object stands in memory: what is pinned goes to an unnamed file of the
/// spool folder, what is put from there is read as it is sent.
public struct S3Store: ObjectStore {
    public struct Options: Sendable {
        /// Where pinned versions are kept while a run reads them. They have no name there and are gone with the process.
        public var spool: String
        /// Bytes. An object above is put in parts.
        public var largestPut = 64 << 20
        /// Bytes of one part, at least 5 MiB for S3 itself; larger where 10,000 of them would not do.
        public var partSize = 16 << 20
        /// Bytes. An object above is copied in parts.
        public var largestCopy = S3Bucket.largestCopy
        /// Bytes of one part of a copy.
        public var copyPartSize = 1 << 30
        /// Bytes. A larger object is not pinned: it would fill the disk.
        public var largestPin = 64 << 30
        /// Keys that one list may have.
        public var longestList = 2_000_000
        /// Keys of a page of a list.
        public var pageSize = 1_000
        /// How long a lease lasts whose holder has gone silent. It is renewed at a third.
        public var lease = Duration.seconds(120)

        public init(spool: String) { self.spool = spool }
    }

    public let place: S3Place
    public var location: String { place.url }
    let bucket: S3Bucket
    let world: AWSWorld
    let options: Options

    public init(_ place: S3Place, in session: AWSSession, world: AWSWorld, options: Options) {
        self.place = place
        bucket = S3Bucket(place.bucket, in: session)
        self.world = world
        self.options = options
    }

    public func list(prefix: String) async throws(StoreError) -> [ObjectInfo] {
        var found: [ObjectInfo] = []
        var continuation: String?
        repeat {
            let page = try await asking(prefix) { () throws(AWSError) in
                try await bucket.list(prefix: place.prefix + prefix, continuation: continuation, pageSize: options.pageSize)
            }
            for object in page.objects where !Self.isFolderMark(object) { found.append(info(object)) }
            guard found.count <= options.longestList else {
                throw StoreError(
                    .tooLarge, culprit: culprit(prefix), detail: "there are more than \(options.longestList) objects",
                    remedy: "Give the bucket lifecycle rules, or Vitrine a prefix of its own.")
            }
            continuation = page.continuation
        } while continuation != nil
        // S3 sorts by bytes; not everything that speaks its protocol does.
        let isSorted = zip(found, found.dropFirst()).allSatisfy { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return isSorted ? found : found.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    /// One small question, so that a bucket that is not there, or may not be looked at, is known before anything is begun.
    public func reach() async throws(StoreError) {
        _ = try await asking("") { () throws(AWSError) in try await bucket.list(prefix: place.prefix, pageSize: 1) }
    }

    /// Consoles make an empty object `folder/` so that an empty folder can be seen.
    private static func isFolderMark(_ object: S3Object) -> Bool { object.size == 0 && object.key.utf8.last == UInt8(ascii: "/") }

    public func get(_ key: String, limit: Int) async throws(StoreError) -> [UInt8] {
        let name = try checked(key)
        let body: [UInt8]
        do throws(AWSError) {
            body = try await bucket.get(name, limit: limit).body
        } catch {
            if case .transport(.tooLarge) = error.reason { throw tooLarge(key, "it", limit) }
            throw StoreError(error, at: culprit(key))
        }
        guard body.count <= limit else { throw tooLarge(key, "it has \(body.count) bytes,", limit) }
        return body
    }

    private func tooLarge(_ key: String, _ what: String, _ limit: Int) -> StoreError {
        StoreError(
            .tooLarge, culprit: culprit(key), detail: "\(what) is more than the \(limit) bytes that are read at once",
            remedy: "Look at what wrote it; Vitrine does not write objects of this size.")
    }

    public func info(_ key: String) async throws(StoreError) -> ObjectInfo? {
        let name = try checked(key)
        return try await asking(key) { () throws(AWSError) in try await bucket.head(name) }.map(info)
    }

    public func put(_ key: String, _ bytes: [UInt8], _ condition: PutCondition) async throws(StoreError) {
        let upload = S3Upload(store: self, key: try checked(key), source: .bytes(bytes))
        do throws(AWSError) {
            _ = try await upload.run(condition == .ifAbsent ? .ifAbsent : .always)
        } catch {
            if condition == .ifAbsent, error.reason == .preconditionFailed {
                throw StoreError(
                    .alreadyThere, culprit: culprit(key), detail: "another process has written it",
                    remedy: "Make sure that only one Vitrine works on this pipeline, then run again.")
            }
            throw StoreError(error, at: culprit(key))
        }
    }

    public func delete(_ key: String) async throws(StoreError) {
        let name = try checked(key)
        try await asking(key) { () throws(AWSError) in try await bucket.delete(name) }
    }

    public func pin(_ key: String) async throws(StoreError) -> any PinnedObject {
        try await S3Spooling(store: self, key: key, name: try checked(key)).run()
    }

    public func move(_ key: String, pinned: any PinnedObject, to destination: String) async throws(StoreError) -> MoveOutcome {
        let move = S3Move(store: self, source: try checked(key), target: try checked(destination), pinned: pinned)
        do throws(AWSError) {
            return try await move.perform()
        } catch {
            throw StoreError(error, at: culprit(key))
        }
    }
}

extension S3Store {
    /// The key in the bucket. Those that look like ways out are refused here as on a folder: what reads them later, a person's `aws s3 sync`
    /// for one, would follow them.
    func checked(_ key: String) throws(StoreError) -> String {
        let name = place.prefix + key
        guard FolderPath.isInside(key), name.utf8.count <= S3Bucket.longestKey else {
            throw StoreError(
                .badKey, culprit: location, detail: "the name '\(key)' is empty or too long, or has an empty part, `.` or `..`",
                remedy: "Rename the object.")
        }
        return name
    }

    func culprit(_ key: String) -> String { location + "/" + key }

    func info(_ object: S3Object) -> ObjectInfo {
        ObjectInfo(
            key: String(decoding: object.key.utf8.dropFirst(place.prefix.utf8.count), as: UTF8.self), size: object.size, modified: object.modified,
            revision: object.etag)
    }

    func asking<Answer>(_ key: String, _ body: () async throws(AWSError) -> Answer) async throws(StoreError) -> Answer {
        do throws(AWSError) {
            return try await body()
        } catch {
            throw StoreError(error, at: culprit(key))
        }
    }
}

extension StoreError {
    /// What AWS said, as every store says it.
    public init(_ error: AWSError, at culprit: String) {
        let reason: Reason =
            switch error.reason {
            case .noCredentials, .badCredentials, .expired, .denied: .permission
            // A bucket that is missing must not look like an object that is.
            case .notFound: error.code == "NoSuchBucket" ? .misconfigured : .notFound
            case .preconditionFailed, .conflict: .changed
            case .throttled, .service: .unreachable
            case .transport(.tooLarge): .tooLarge
            case .transport(.localFile): .noSpace
            case .transport: .unreachable
            case .cancelled: .cancelled
            case .noRegion, .badConfiguration: .misconfigured
            case .refused, .malformedAnswer: .failed
            }
        self.init(reason, culprit: culprit, detail: error.culprit, remedy: error.remedy)
    }
}
