/// Why bytes could not be packed or unpacked. The caller knows which file or object they came from and puts that in front.
public struct GzipError: Error, Sendable, Equatable, CustomStringConvertible {
    public let reason: Reason
    /// What was found, in plain words.
    public let culprit: String
    /// What an operator can do next.
    public let remedy: String

    public enum Reason: String, Sendable, CaseIterable {
        /// The bytes do not start like a gzip file.
        case notGzip = "not_gzip"
        /// The bytes are a gzip file that ends too early: an upload that is not complete, or was cut.
        case truncated
        /// The bytes contradict themselves: a broken block, a wrong checksum, or rubbish behind the end.
        case corrupt
        /// Unpacked, there is more than the caller is ready to take.
        case tooLarge = "too_large"
        /// zlib had no memory.
        case outOfMemory = "out_of_memory"
    }

    public var description: String { "\(culprit); \(remedy)" }

    static let notGzip = GzipError(
        reason: .notGzip, culprit: "the bytes are not gzip (they do not start with 1f 8b)",
        remedy: "check that the name ends in .gz only where the content is packed")
    static let truncated = GzipError(
        reason: .truncated, culprit: "the gzip data ends before its trailer", remedy: "wait until the upload is complete, or upload it again")
    static func corrupt(_ detail: String) -> GzipError {
        GzipError(reason: .corrupt, culprit: "the gzip data is corrupt (\(detail))", remedy: "make the file again with `gzip` and upload it again")
    }
    static func tooLarge(limit: Int) -> GzipError {
        GzipError(
            reason: .tooLarge, culprit: "the data is larger than \(limit) bytes once unpacked", remedy: "split the file, or raise the limit on its size")
    }
    static let outOfMemory = GzipError(reason: .outOfMemory, culprit: "zlib found no memory", remedy: "give the process more memory")
}
