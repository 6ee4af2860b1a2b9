/// Packs a stream of bytes into one gzip member, piece by piece, so that a large object never stands in memory twice.
///
/// The output is the same for the same input, level and zlib: the header carries no time and no name.
public struct GzipCompressor: ~Copyable {
    /// Fastest. Batch objects are packed beside the sending, where time matters more than a tenth of the size.
    public static let defaultLevel = 1

    private let stream: DeflateStream

    /// - Parameter level: 1 (fastest) ... 9 (smallest); values outside are clamped.
    /// - Throws: `.outOfMemory` only.
    public init(level: Int = GzipCompressor.defaultLevel) throws(GzipError) {
        stream = try DeflateStream(level: Int32(min(max(level, 1), 9)))
    }

    /// Takes the next bytes and appends what zlib gives back, often nothing, to `output`.
    public mutating func append(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(ZlibBlock.inputLimit)
            stream.run(UnsafeRawBufferPointer(rebasing: piece), ending: false, to: &output)
            rest = rest.dropFirst(piece.count)
        }
    }

    public mutating func append(_ bytes: [UInt8], to output: inout [UInt8]) {
        bytes.withUnsafeBytes { append($0, to: &output) }
    }

    public mutating func append(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) {
        bytes.withUnsafeBytes { append($0, to: &output) }
    }

    /// Ends the member: appends the rest and the trailer with checksum and length.
    public consuming func finish(to output: inout [UInt8]) {
        stream.run(UnsafeRawBufferPointer(start: nil, count: 0), ending: true, to: &output)
    }
}

/// Packs `bytes` into one gzip member.
///
/// - Parameter level: 1 (fastest) ... 9 (smallest); values outside are clamped.
/// - Throws: `.outOfMemory` only.
public func gzip(_ bytes: [UInt8], level: Int = GzipCompressor.defaultLevel) throws(GzipError) -> [UInt8] {
    var output: [UInt8] = []
    var compressor = try GzipCompressor(level: level)
    compressor.append(bytes, to: &output)
    compressor.finish(to: &output)
    return output
}
