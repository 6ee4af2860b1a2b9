public import Events

/// One archive with all that is known of a run, to be looked at where Vitrine is not. Every file goes through `redact` before it is packed.
public struct IncidentBundle {
    public struct File: Sendable, Equatable, Codable {
        public var name: String
        /// Unpacked.
        public var bytes: Int
        /// What it is, for people.
        public var what: String
    }

    /// Bytes of all files together, unpacked; what would be more is left out, and said to be.
    public static let mostBytes = 256 << 20

    public private(set) var files: [File] = []
    /// What is not in it, and why.
    public private(set) var omitted: [LogProblem] = []
    private let folder: String
    private var archive: ZipArchive
    private var bytes = 0
    private let redact: ([UInt8]) -> [UInt8]

    /// - Parameters:
    ///   - folder: the folder in the archive that holds all of it.
    ///   - redact: takes secrets out.
    public init(folder: String, time: Timestamp, redact: @escaping ([UInt8]) -> [UInt8]) {
        self.folder = folder
        archive = ZipArchive(time: time)
        self.redact = redact
    }

    public mutating func add(_ name: String, _ content: [UInt8], _ what: String) throws {
        let clean = redact(content)
        guard bytes + clean.count <= Self.mostBytes else {
            return omit(name, "there is no room: the bundle holds at most \(Self.mostBytes >> 20) MiB unpacked")
        }
        bytes += clean.count
        try archive.add("\(folder)/\(name)", clean)
        files.append(File(name: name, bytes: clean.count, what: what))
    }

    public mutating func add(_ name: String, _ content: String, _ what: String) throws { try add(name, Array(content.utf8), what) }

    public mutating func omit(_ name: String, _ problem: String) { omitted.append(LogProblem(file: name, problem: problem)) }

    /// Ends it with a README that says what each file is.
    /// - Parameter head: lines in front.
    public consuming func finish(head: [String]) throws -> [UInt8] {
        let width = files.map(\.name.count).max() ?? 0
        var lines = head + ["", "What is in here:", ""]
        lines += files.map { "  \($0.name)\(String(repeating: " ", count: width - $0.name.count))  \($0.what)" }
        if !omitted.isEmpty { lines += ["", "What is not in here:", ""] + omitted.map { "  \($0.file): \($0.problem)" } }
        lines += ["", "Tokens, passwords and app secrets were taken out of every file and stand there as <secret>. Products, prices and messages were not."]
        try archive.add("\(folder)/README.txt", redact(Array(lines.map { $0 + "\n" }.joined().utf8)))
        return archive.finish()
    }
}
