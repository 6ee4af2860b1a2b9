/// What a transfer sends: bytes, or a part of a file that is read as libcurl asks for it, so that nothing of it stands in memory.
///
/// The file is read on the transport's thread. A local disk answers faster than the network takes, as a rule from the page cache, because
/// the caller has just hashed the same bytes.
enum UploadSource {
    case bytes([UInt8])
    case file(FileRange)

    init(_ request: HTTPRequest) {
        if let file = request.bodyFile { self = .file(file) } else { self = .bytes(request.body ?? []) }
    }

    var count: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .file(let range): range.count
        }
    }

    /// Returns how many bytes there were; nil where the file failed or is shorter than it was said to be.
    func read(into room: UnsafeMutableRawBufferPointer, at place: Int) -> Int? {
        let count = min(room.count, count - place)
        switch self {
        case .bytes(let bytes):
            bytes.withUnsafeBytes { room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[place..<place + count])) }
            return count
        case .file(let range):
            let part = UnsafeMutableRawBufferPointer(rebasing: room[..<count])
            return range.file.read(into: part, at: range.offset + place) == count ? count : nil
        }
    }
}
