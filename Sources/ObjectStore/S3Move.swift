import AWS
import Transport

/// Moves an object within its bucket: a copy by S3 itself, then the end of the source. Both only of the pinned version.
///
/// Killed in between, source and copy are there; moving again copies the same bytes over themselves and deletes the source.
struct S3Move {
    let store: S3Store
    /// In the bucket.
    let source: String
    let target: String
    let pinned: any PinnedObject

    private static let blockBytes = 1 << 20

    func perform() async throws(AWSError) -> MoveOutcome {
        let version = pinned.info.revision
        guard let there = try await store.bucket.head(source) else { return try await sourceGone() }
        guard there.etag == version else {
            try await bringPinned()
            return .copiedSourceChanged
        }
        do throws(AWSError) {
            try await copy(there)
        } catch {
            switch error.reason {
            case .preconditionFailed:
                try await bringPinned()
                return .copiedSourceChanged
            case .notFound where error.code != "NoSuchBucket": return try await sourceGone()
            default: throw error
            }
        }
        do throws(AWSError) {
            try await store.bucket.delete(source, ifMatch: version)
        } catch {
            guard error.reason == .preconditionFailed || error.reason == .conflict else { throw error }
            // It was replaced between the two. Not every server holds the copy to its condition, so the pinned version is written once more.
            try await bringPinned()
            return .copiedSourceChanged
        }
        return .moved
    }

    private func copy(_ object: S3Object) async throws(AWSError) {
        guard object.size > store.options.largestCopy else {
            _ = try await store.bucket.copy(source, ifMatch: object.etag, to: target)
            return
        }
        _ = try await S3Parts(bucket: store.bucket, key: target).run([], .always) { upload throws(AWSError) in
            var parts: [S3Part] = []
            for range in S3Parts.ranges(object.size, of: store.options.copyPartSize) {
                parts.append(
                    try await store.bucket.copyPart(
                        target, upload: upload, number: parts.count + 1, from: source, ifMatch: object.etag, range: range))
            }
            return parts
        }
    }

    private func sourceGone() async throws(AWSError) -> MoveOutcome {
        if let there = try await store.bucket.head(target), there.etag == pinned.info.revision { return .moved }
        try await bringPinned()
        return .copiedSourceGone
    }

    /// The pinned version out of the spool.
    private func bringPinned() async throws(AWSError) {
        let file: OpenFile
        if let own = pinned as? SpooledObject { file = own.file } else { file = try spooled() }
        let upload = S3Upload(store: store, key: target, source: .file(FileRange(file, count: pinned.info.size)))
        _ = try await upload.run(.always)
    }

    /// A version that another store pinned, brought to where it can be sent from.
    private func spooled() throws(AWSError) -> OpenFile {
        guard let file = OpenFile.unnamed(in: store.options.spool) else { throw broken("a file cannot be made in \(store.options.spool)") }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockBytes, alignment: 16)
        defer { block.deallocate() }
        var offset = 0
        while offset < pinned.info.size {
            let count: Int
            do throws(StoreError) {
                count = try pinned.read(into: block, at: offset)
            } catch {
                throw broken(error.detail)
            }
            guard count > 0 else { throw broken("the pinned version has become shorter") }
            guard file.write(UnsafeRawBufferPointer(rebasing: block[..<count]), at: offset) else { throw broken("the spool is full") }
            offset += count
        }
        return file
    }

    private func broken(_ what: String) -> AWSError {
        AWSError(.transport(.localFile), culprit: "the pinned version of \(source): \(what)", remedy: "Make room in the spool folder, then run again.")
    }
}
