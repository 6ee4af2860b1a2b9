import Events
import Gzip

/// A gzip file, piece by piece.
enum LogUnpacker {
    /// Bytes that a packed file may become: bounds a file made to fill the machine.
    private static let most = 1 << 42

    static func unpack(_ log: OpenLog, _ take: (UnsafeRawBufferPointer) -> Void) throws(LogProblem) {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: LogBlock.usualSize, alignment: 64)
        defer { room.deallocate() }
        do {
            var inflater = try GzipInflater(limit: most)
            var offset = 0
            while true {
                let count = try log.read(into: room, at: offset)
                if count == 0 { break }
                offset += count
                try inflater.feed(UnsafeRawBufferPointer(rebasing: room[..<count]), take)
            }
            try inflater.finish()
        } catch let problem as LogProblem {
            throw problem
        } catch {
            throw LogProblem(file: log.name, problem: (error as? GzipError).map { "\($0.culprit); what could be unpacked was searched" } ?? "\(error)")
        }
    }

    /// Packed bytes read for the first time of a file.
    private static let headSize = 16 << 10

    /// Of the first line that has one among the first bytes.
    static func firstTime(of log: OpenLog) -> Timestamp? {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: headSize, alignment: 64)
        defer { room.deallocate() }
        var plain: [UInt8] = []
        guard let count = try? log.read(into: room, at: 0), var inflater = try? GzipInflater(limit: 1 << 26) else { return nil }
        // The head alone is cut off in the middle: what came out before is enough.
        try? inflater.feed(UnsafeRawBufferPointer(rebasing: room[..<count])) { plain.append(contentsOf: $0) }
        let end = plain.lastIndex(of: LogBlock.newline) ?? 0
        plain.append(contentsOf: repeatElement(0, count: LogBlock.padding))
        return plain.withUnsafeBufferPointer { bytes in
            let reader = LogLineReader(slots: [LogTime.slot])
            for line in bytes[..<end].split(separator: LogBlock.newline) where reader.read(LogBytes(rebasing: line)) {
                if let time = LogTime.read(reader.value(0)) { return time }
            }
            return nil
        }
    }
}
