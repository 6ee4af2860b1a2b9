import Glibc

/// Where lines are read from.
public enum LogSource: Sendable, Equatable {
    /// A file, plain or gzip, whatever its name says.
    case file(String)
    /// Bytes at hand, plain or gzip: an object of a store.
    case memory(name: String, [UInt8])
    /// Standard input, which may be a pipe.
    case standardInput

    public var name: String {
        switch self {
        case .file(let path): path
        case .memory(let name, _): name
        case .standardInput: "-"
        }
    }
}

/// Something that keeps an answer from being whole.
public struct LogProblem: Error, Sendable, Equatable, Codable {
    public var file: String
    public var problem: String

    public init(file: String, problem: String) {
        self.file = file
        self.problem = problem
    }
}

/// A source, open for reading at any offset; a pipe only from its beginning.
final class OpenLog: Sendable {
    let name: String
    let isPacked: Bool
    /// A pipe has no offsets and no size.
    let isStream: Bool
    /// Bytes as they lie there; 0 of a pipe.
    let size: Int
    private let descriptor: Int32
    private let isOurs: Bool
    private let bytes: [UInt8]

    init(_ source: LogSource) throws(LogProblem) {
        name = source.name
        switch source {
        case .memory(_, let bytes):
            self.bytes = bytes
            (descriptor, isOurs, isStream, size) = (-1, false, false, bytes.count)
            isPacked = Self.isPacked(bytes)
        case .file(let path):
            bytes = []
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            isOurs = true
            guard descriptor >= 0 else { throw LogProblem(file: path, problem: String(cString: strerror(errno))) }
            (isStream, size) = try Self.look(at: descriptor, path)
            isPacked = Self.isPacked(Self.head(of: descriptor))
        case .standardInput:
            bytes = []
            (descriptor, isOurs) = (STDIN_FILENO, false)
            (isStream, size) = try Self.look(at: descriptor, "-")
            // Of a pipe nothing can be looked at before it is read.
            isPacked = isStream ? false : Self.isPacked(Self.head(of: descriptor))
        }
    }

    deinit { if isOurs, descriptor >= 0 { close(descriptor) } }

    /// Bytes read, 0 at the end. A pipe is read on, whatever the offset.
    func read(into room: UnsafeMutableRawBufferPointer, at offset: Int) throws(LogProblem) -> Int {
        if descriptor < 0 {
            let count = min(room.count, bytes.count - offset)
            guard count > 0 else { return 0 }
            bytes.withUnsafeBytes { room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count])) }
            return count
        }
        while true {
            let count = isStream ? Glibc.read(descriptor, room.baseAddress, room.count) : pread(descriptor, room.baseAddress, room.count, offset)
            if count >= 0 { return count }
            guard errno == EINTR else { throw LogProblem(file: name, problem: String(cString: strerror(errno))) }
        }
    }

    private static func look(at descriptor: Int32, _ name: String) throws(LogProblem) -> (isStream: Bool, size: Int) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw LogProblem(file: name, problem: String(cString: strerror(errno))) }
        let kind = status.st_mode & S_IFMT
        guard kind != S_IFDIR else { throw LogProblem(file: name, problem: "it is a folder: name the files in it") }
        return kind == S_IFREG ? (false, status.st_size) : (true, 0)
    }

    private static func head(of descriptor: Int32) -> [UInt8] {
        var head: [UInt8] = [0, 0]
        return pread(descriptor, &head, 2, 0) == 2 ? head : []
    }

    static func isPacked(_ head: [UInt8]) -> Bool { head.starts(with: [0x1F, 0x8B]) }
}
