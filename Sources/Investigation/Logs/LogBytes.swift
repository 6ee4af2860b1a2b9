import Glibc

/// Bytes of a line while it lies in its block: valid until the block is read over.
typealias LogBytes = UnsafeBufferPointer<UInt8>

extension LogBytes {
    func equals(_ text: [UInt8]) -> Bool {
        guard count == text.count, count > 0, let baseAddress else { return count == text.count }
        return text.withUnsafeBytes { other in other.baseAddress.map { memcmp(baseAddress, $0, count) == 0 } ?? false }
    }

    /// The bytes at an offset; the same memory.
    func part(_ start: Int, _ count: Int) -> LogBytes { LogBytes(rebasing: self[start..<start + count]) }

    var text: String { String(decoding: self, as: UTF8.self) }
}
