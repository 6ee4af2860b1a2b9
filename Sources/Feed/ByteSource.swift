/// Random access to the bytes of a pinned file, already inflated.
///
/// Scanning reads from several tasks at once, so `read` must not keep a position.
public protocol ByteSource: Sendable {
    /// Bytes in all; constant for the life of the source.
    var byteCount: Int { get }

    /// Fills the buffer from `offset` and returns the bytes read: fewer than asked only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int
}

/// A file that is in memory already: tests, the demo, small inflated files.
public struct MemoryByteSource: ByteSource {
    private let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public init(_ text: String) { self.init(Array(text.utf8)) }

    public var byteCount: Int { bytes.count }

    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        let count = min(buffer.count, bytes.count - offset)
        guard count > 0 else { return 0 }
        bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count])) }
        return count
    }
}
