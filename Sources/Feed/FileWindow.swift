/// The piece of a file that is at hand. Owned by one task at a time.
struct FileWindow {
    private let source: any ByteSource
    private let buffer = BlockBuffer()
    /// Place in the file of the first byte.
    private(set) var start = 0
    /// Good until the next read, and no longer than the window lives.
    private(set) var text: Text

    init(source: any ByteSource) {
        self.source = source
        text = buffer.empty
    }

    /// Nothing of the file lies behind it.
    var isAtEnd: Bool { start + text.count >= source.byteCount }

    /// Moves on. Fewer bytes than asked for are there only at the end of the file.
    mutating func read(at offset: Int, count: Int) throws {
        text = try buffer.read(source, at: offset, count: min(count, source.byteCount - offset))
        start = offset
    }
}
