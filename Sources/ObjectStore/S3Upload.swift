import AWS
import Transport

/// Puts one object: in one call, or in parts that are given up if one of them fails.
struct S3Upload {
    enum Source {
        case bytes([UInt8])
        case file(FileRange)

        var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(let range): range.count
            }
        }

        /// - Throws: where the file cannot be read.
        func body(_ range: Range<Int>) throws(AWSError) -> S3Body {
            switch self {
            case .bytes(let bytes): return .bytes(range == bytes.indices ? bytes : Array(bytes[range]))
            case .file(let file): return try S3Body(hashing: FileRange(file.file, offset: file.offset + range.lowerBound, count: range.count))
            }
        }
    }

    let store: S3Store
    /// In the bucket.
    let key: String
    let source: Source

    /// Marks what one upload has written, so that it knows its own object again where the answer was lost.
    static let mark = "vitrine-put"
    /// How often a write is sent again that met another one (HTTP 409).
    private static let conflictAttempts = 4

    /// - Parameter mark: no other upload's; nil: one is drawn.
    /// - Returns: the ETag.
    /// - Throws: `.preconditionFailed` where the condition does not hold, `.conflict` where writers met too often.
    func run(_ condition: S3Condition, mark: String? = nil) async throws(AWSError) -> String {
        let mark = mark ?? String(store.world.random(), radix: 36) + "-" + String(store.world.random(), radix: 36)
        var attempt = 1
        while true {
            do throws(AWSError) {
                return try await put(condition, mark)
            } catch {
                if error.mayHaveArrived, error.reason == .preconditionFailed || error.reason == .conflict, let own = try await own(mark) { return own }
                // 409: another writer was at work at that moment. It may yet have failed, so only the next try tells.
                guard error.reason == .conflict, attempt < Self.conflictAttempts else { throw error }
                try await pause(attempt)
                attempt += 1
            }
        }
    }

    private func put(_ condition: S3Condition, _ mark: String) async throws(AWSError) -> String {
        let metadata = condition == .always ? [] : [(name: Self.mark, value: mark)]
        if source.count <= store.options.largestPut {
            return try await store.bucket.put(key, try source.body(0..<source.count), condition, metadata: metadata)
        }
        return try await S3Parts(bucket: store.bucket, key: key).run(metadata, condition) { upload throws(AWSError) in
            try await parts(of: upload)
        }
    }

    private func parts(of upload: String) async throws(AWSError) -> [S3Part] {
        var parts: [S3Part] = []
        for range in S3Parts.ranges(source.count, of: store.options.partSize) {
            parts.append(try await store.bucket.uploadPart(key, upload: upload, number: parts.count + 1, try source.body(range)))
        }
        return parts
    }

    /// The ETag of what is there, where this very upload has written it.
    private func own(_ mark: String) async throws(AWSError) -> String? {
        guard let there = try await store.bucket.head(key), there.metadata[Self.mark] == mark else { return nil }
        return there.etag
    }

    private func pause(_ attempt: Int) async throws(AWSError) {
        let chance = Double(store.world.random() >> 11) / Double(1 << 53)
        do {
            try await store.world.sleep(.milliseconds(100 << attempt) * (0.5 + chance))
        } catch {
            throw AWSError(.cancelled, culprit: "s3 \(key): cancelled", remedy: "None; it was told to stop.")
        }
    }
}

/// An upload in parts: made, filled, completed; or given up, so that nobody pays for parts that will never be an object.
struct S3Parts {
    let bucket: S3Bucket
    let key: String

    func run(
        _ metadata: [(name: String, value: String)], _ condition: S3Condition, _ fill: (String) async throws(AWSError) -> [S3Part]
    ) async throws(AWSError) -> String {
        let upload = try await bucket.createUpload(key, metadata: metadata)
        do throws(AWSError) {
            return try await bucket.completeUpload(key, upload: upload, try await fill(upload), condition)
        } catch {
            // A task of its own, waited for: who cancelled the upload must not cancel its end.
            _ = await Task { [bucket, key] in try? await bucket.abortUpload(key, upload: upload) }.value
            throw error
        }
    }

    /// Parts of at least that size, not more than S3 takes; the last one has the rest.
    static func ranges(_ count: Int, of size: Int) -> [Range<Int>] {
        let most = S3Bucket.mostParts
        let size = max(size, (count + most - 1) / most, 1)
        return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }
}
