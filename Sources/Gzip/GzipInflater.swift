/// Unpacks a gzip file piece by piece: packed bytes in, plain bytes out, in pieces of the caller's choosing.
///
/// Takes files of several members, as `cat a.gz b.gz` and parallel packers make them, and zero bytes behind the last member, as tape
/// tools leave them. Tells an incomplete file (`truncated`) from a broken one (`corrupt`), because only the first heals by waiting.
public struct GzipInflater: ~Copyable {
    /// Plain bytes given out so far, over all members.
    public private(set) var produced = 0

    private let stream: InflateStream
    private let limit: Int
    private let room: UnsafeMutableRawBufferPointer
    private var place = Place.header(seen: 0, members: 0)

    private enum Place {
        /// Before a member; `seen` counts its first two bytes, the magic number.
        case header(seen: Int, members: Int)
        case body(members: Int)
        /// Behind the last member only zeros may follow.
        case padding
    }

    /// - Parameter limit: most plain bytes to give out in all; one more is `.tooLarge`. Guards against a small file that unpacks to terabytes.
    public init(limit: Int) throws(GzipError) {
        self.limit = limit
        stream = try InflateStream()
        room = .allocate(byteCount: ZlibBlock.outputBytes, alignment: 16)
    }

    deinit { room.deallocate() }

    /// Unpacks `input` and hands out what comes of it, in pieces of at most 64 KiB that are only valid within the call of `take`.
    public mutating func feed(_ input: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) -> Void) throws(GzipError) {
        var rest = input[...]
        while !rest.isEmpty {
            switch place {
            case .header(let seen, let members):
                try readMagic(&rest, seen: seen, members: members)
            case .body(let members):
                try readBody(&rest, members: members, take)
            case .padding:
                guard rest.allSatisfy({ $0 == 0 }) else { throw .corrupt("rubbish behind the end") }
                return
            }
        }
    }

    public mutating func feed(_ input: [UInt8], _ take: (UnsafeRawBufferPointer) -> Void) throws(GzipError) {
        try input.withUnsafeBufferPointer { (bytes: UnsafeBufferPointer<UInt8>) throws(GzipError) in
            try feed(UnsafeRawBufferPointer(bytes), take)
        }
    }

    /// Says that no more input comes.
    ///
    /// - Throws: `.truncated` where a member is not complete, and for an empty file, which is no gzip file yet.
    public consuming func finish() throws(GzipError) {
        switch place {
        case .header(seen: 0, let members) where members > 0: return
        case .padding: return
        case .header, .body: throw .truncated
        }
    }

    /// zlib itself would take the first wrong byte for "incorrect header check"; telling "not gzip" apart names the usual cause, a plain file called .gz.
    private mutating func readMagic(_ rest: inout Slice<UnsafeRawBufferPointer>, seen: Int, members: Int) throws(GzipError) {
        guard let byte = rest.first else { return }
        if seen == 0, members > 0, byte == 0 {
            place = .padding
            return
        }
        guard byte == (seen == 0 ? 0x1f : 0x8b) else {
            throw members == 0 ? .notGzip : .corrupt("rubbish behind member \(members)")
        }
        rest = rest.dropFirst()
        guard seen == 1 else {
            place = .header(seen: 1, members: members)
            return
        }
        if members > 0 { stream.startNextMember() }
        withUnsafeBytes(of: (UInt8(0x1f), UInt8(0x8b))) { _ = stream.run($0, into: room) }
        place = .body(members: members)
    }

    private mutating func readBody(
        _ rest: inout Slice<UnsafeRawBufferPointer>, members: Int, _ take: (UnsafeRawBufferPointer) -> Void
    ) throws(GzipError) {
        while true {
            let (used, made, step) = stream.run(UnsafeRawBufferPointer(rebasing: rest), into: room)
            rest = rest.dropFirst(used)
            guard made <= limit - produced else { throw .tooLarge(limit: limit) }
            produced += made
            if made > 0 { take(UnsafeRawBufferPointer(rebasing: room[..<made])) }
            switch step {
            case .wantsRoom: continue
            case .wantsInput where rest.isEmpty: return
            case .wantsInput: continue
            case .memberEnded:
                place = .header(seen: 0, members: members + 1)
                return
            case .failed(let error): throw error
            }
        }
    }
}

/// Unpacks a whole gzip file.
///
/// - Parameter limit: most plain bytes to give back.
public func gunzip(_ bytes: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
    var output: [UInt8] = []
    var inflater = try GzipInflater(limit: limit)
    try inflater.feed(bytes) { output.append(contentsOf: $0) }
    try inflater.finish()
    return output
}
