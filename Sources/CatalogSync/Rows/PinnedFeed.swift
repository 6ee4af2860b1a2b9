import Cryptography
import Engine
import Feed
import Gzip
import ObjectStore

/// A claimed file, open: the pinned object and its plain bytes at any offset.
struct PinnedFeed: Sendable {
    let claim: ClaimedFile
    let pinned: any PinnedObject
    let source: any ByteSource
    /// A `.gz` that cannot be inflated is a refused file, not a failed run.
    let refusal: ValidationFacts.Refusal?

    /// Nil when the object is not the claimed version any more.
    static func open(_ claim: ClaimedFile, in store: any ObjectStore, spool: String, limit: Int) async throws -> PinnedFeed? {
        guard let pinned = try await store.pinIfThere(claim.object.key), pinned.info.revision == claim.object.revision else { return nil }
        guard claim.name.lowercased().hasSuffix(".gz") else {
            return PinnedFeed(claim: claim, pinned: pinned, source: PinnedBytes(file: claim.name, pinned: pinned), refusal: nil)
        }
        do {
            return PinnedFeed(
                claim: claim, pinned: pinned, source: try InflatedSpool(pinned, folder: spool, limit: limit), refusal: nil)
        } catch let error as GzipError {
            let refusal = ValidationFacts.Refusal(
                rule: (error.reason == .tooLarge ? RuleID.f10 : .f11).rawValue, line: 0, value: "", message: error.culprit, remedy: error.remedy)
            return PinnedFeed(claim: claim, pinned: pinned, source: MemoryByteSource([]), refusal: refusal)
        }
    }

    private static let blockBytes = 1 << 20

    /// SHA-256 of the object as it lies there, packed or not.
    func digest() throws -> String {
        var hasher = SHA256Hasher()
        try pinned.forEachBlock(of: Self.blockBytes) { hasher.update($0) }
        return hasher.finish()
    }

    func isIntact() throws -> Bool { try pinned.isIntact() }
}

private struct PinnedBytes: ByteSource {
    let file: String
    let pinned: any PinnedObject
    var byteCount: Int { pinned.info.size }

    /// - Throws: `SourceChanged` where the file ends before the end that it had: somebody writes over it in place.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
        let count = try pinned.read(into: buffer, at: offset)
        if count == 0, !buffer.isEmpty, offset < byteCount { throw SourceChanged(file: file) }
        return count
    }
}

extension PinnedObject {
    func forEachBlock(of size: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while true {
            let count = try read(into: buffer, at: offset)
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += count
        }
    }
}
