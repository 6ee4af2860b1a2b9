import AWS
public import Transport

/// Writes that hold the object to a version. What lost its turn says `.changed` and has written nothing.
extension S3Store {
    /// - Parameter revision: the version that is replaced; nil: there must be none yet.
    /// - Returns: the revision of what was stored.
    public func put(_ key: String, _ bytes: [UInt8], replacing revision: String?) async throws(StoreError) -> String {
        try await upload(key, .bytes(bytes), replacing: revision)
    }

    /// The same with the whole of a file, read as it is sent.
    public func put(_ key: String, _ file: OpenFile, replacing revision: String?) async throws(StoreError) -> String {
        guard let size = file.size else { throw StoreError.posix(options.spool, doing: "look at a file in") }
        return try await upload(key, .file(FileRange(file, count: size)), replacing: revision)
    }

    private func upload(_ key: String, _ source: S3Upload.Source, replacing revision: String?) async throws(StoreError) -> String {
        let upload = S3Upload(store: self, key: try checked(key), source: source)
        do throws(AWSError) {
            return try await upload.run(revision.map { .ifMatch(etag: $0) } ?? .ifAbsent)
        } catch {
            // To write over what is not there any more is 404.
            let isOther = error.reason == .preconditionFailed || error.reason == .conflict || error.reason == .notFound && error.code != "NoSuchBucket"
            guard isOther else { throw StoreError(error, at: culprit(key)) }
            throw StoreError(
                .changed, culprit: culprit(key), detail: "another process has written it since it was read; nothing was written over",
                remedy: "Run again: it goes on from what is there now.")
        }
    }
}
