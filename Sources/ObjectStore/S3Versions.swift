import AWS
public import Transport

/// Writes that hold the object to a version. What lost its turn says `.changed` and has written nothing.
extension S3Store {
    /// - Parameters:
    ///   - revision: the version that is replaced; nil: there must be none yet.
    ///   - mark: letters, digits and `-`, of this put alone: where its answer is lost for good, `mark(of:)` says later whether it is there. Nil: one is drawn.
    /// - Returns: the revision of what was stored.
    public func put(_ key: String, _ bytes: [UInt8], replacing revision: String?, mark: String? = nil) async throws(StoreError) -> String {
        try await upload(key, .bytes(bytes), replacing: revision, mark)
    }

    /// The same with the whole of a file, read as it is sent.
    public func put(_ key: String, _ file: OpenFile, replacing revision: String?, mark: String? = nil) async throws(StoreError) -> String {
        guard let size = file.size else { throw StoreError.posix(options.spool, doing: "look at a file in") }
        return try await upload(key, .file(FileRange(file, count: size)), replacing: revision, mark)
    }

    public func put(_ key: String, file: OpenFile) async throws(StoreError) {
        guard let size = file.size else { throw StoreError.posix(options.spool, doing: "look at a file in") }
        let upload = S3Upload(store: self, key: try checked(key), source: .file(FileRange(file, count: size)))
        do throws(AWSError) { _ = try await upload.run(.always) } catch { throw StoreError(error, at: culprit(key)) }
    }

    /// What the put that made the present version was marked with, and the version. Nil where nothing is there, or it bears no mark.
    public func mark(of key: String) async throws(StoreError) -> (mark: String, revision: String)? {
        let name = try checked(key)
        let there = try await asking(key) { () throws(AWSError) in try await bucket.head(name) }
        guard let there, let mark = there.metadata[S3Upload.mark] else { return nil }
        return (mark, there.etag)
    }

    /// What is not there any more is no error.
    /// - Throws: `.changed` where there is another version by now; it is left.
    public func delete(_ key: String, revision: String) async throws(StoreError) {
        let name = try checked(key)
        do throws(AWSError) {
            try await bucket.delete(name, ifMatch: revision)
        } catch {
            guard error.reason == .preconditionFailed || error.reason == .conflict else { throw StoreError(error, at: culprit(key)) }
            throw Self.changed(culprit(key))
        }
    }

    private func upload(_ key: String, _ source: S3Upload.Source, replacing revision: String?, _ mark: String?) async throws(StoreError) -> String {
        let upload = S3Upload(store: self, key: try checked(key), source: source)
        do throws(AWSError) {
            return try await upload.run(revision.map { .ifMatch(etag: $0) } ?? .ifAbsent, mark: mark)
        } catch {
            // To write over what is not there any more is 404.
            let isOther = error.reason == .preconditionFailed || error.reason == .conflict || error.reason == .notFound && error.code != "NoSuchBucket"
            guard isOther else { throw StoreError(error, at: culprit(key)) }
            throw Self.changed(culprit(key))
        }
    }

    private static func changed(_ culprit: String) -> StoreError {
        StoreError(
            .changed, culprit: culprit, detail: "another process has written it since it was read; nothing was written over",
            remedy: "Run again: it goes on from what is there now.")
    }
}
