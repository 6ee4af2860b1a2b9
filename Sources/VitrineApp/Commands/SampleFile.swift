import Engine
import Feed
import Glibc
import Gzip
import ObjectStore

/// One file that somebody names on the command line, wherever it lies.
struct SampleFile {
    let folder: String
    let name: String

    /// - Throws: 64 where there is no such file.
    init(_ file: String) throws {
        // Where a link leads to: a store does not follow links.
        guard let path = Self.real(file) else {
            throw RunStop(
                .usage, reason: "no_file", culprit: file, detail: "there is no such file",
                remedy: "Check the path. Without a path, name a pipeline of the settings: vitrine plan PIPELINE")
        }
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        folder = slash == path.startIndex ? "/" : String(path[..<slash])
        name = String(path[path.index(after: slash)...])
    }

    /// From the first bytes. A packed file that cannot be unpacked is judged by the plan, not here.
    func guess() throws -> FeedGuess { guessFeed(try head()) }

    private func head() throws -> [UInt8] {
        let file = try PinnedSample(path: folder + "/" + name)
        let bytes = file.head(FeedGuess.headBytes)
        guard name.lowercased().hasSuffix(".gz") else { return bytes }
        var inflated: [UInt8] = []
        do {
            var inflater = try GzipInflater(limit: Self.mostInflated)
            try inflater.feed(bytes) { inflated += $0 }
        } catch {
            return Array(inflated.prefix(FeedGuess.headBytes))
        }
        return Array(inflated.prefix(FeedGuess.headBytes))
    }

    /// Bytes that the head of a packed file may become.
    private static let mostInflated = 64 << 20

    /// The absolute path of a file, nil where none is there.
    private static func real(_ file: String) -> String? {
        var status = stat()
        guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, let path = realpath(file, nil) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }
}

private struct PinnedSample: ~Copyable {
    private let descriptor: Int32

    init(path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw RunStop(
                .cannotWrite, reason: "denied", culprit: path, detail: "it cannot be read: \(String(cString: strerror(errno)))",
                remedy: "Give yourself the right to read it.")
        }
    }

    deinit { close(descriptor) }

    func head(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in filled = max(0, read(descriptor, buffer.baseAddress, count)) }
    }
}
