import Foundation
import Testing

/// Reads the sources and holds them to the rules of the house. What fails here names the file, the line, and what to do instead.
@Suite("The house")
struct HouseTests {
    private let house: House

    init() throws { house = try House() }

    /// From the roof to the cellar. Rooms of one floor do not know each other; a room imports from lower floors only.
    static let floors: [[String]] = [
        ["vitrine"], ["VitrineApp"], ["Settings"], ["Sandbox"], ["Alerting"], ["Telemetry"], ["Investigation"], ["CatalogSync"], ["Engine"],
        ["MetaCatalog"], ["ObjectStore"], ["AWS"], ["Feed"], ["Events"], ["Transport"], ["Cryptography", "ProtobufWire", "Gzip"],
        ["CLibCurl", "COpenSSL", "CProtobufC", "CZlib", "CFeedKernels"],
    ]

    @Test("every room has its floor, and nothing lives in Sources that is no room")
    func rooms() {
        let known = Set(Self.floors.flatMap { $0 })
        for room in house.rooms { #expect(known.contains(room), "give \(room) its place in HouseTests.floors and in docs/house.md") }
    }

    @Test("imports only go down")
    func downwards() {
        let floor = Dictionary(uniqueKeysWithValues: Self.floors.enumerated().flatMap { floor, rooms in rooms.map { ($0, floor) } })
        for entry in house.imports {
            guard let from = floor[entry.room], let to = floor[entry.module] else { continue }
            #expect(from < to, "\(entry.place): \(entry.room) may not import \(entry.module), which is not below it")
        }
    }

    @Test("what the manifest lists is imported, and what is imported is listed", arguments: try House().rooms)
    func dependencies(room: String) throws {
        guard let listed = try house.dependencies(of: room) else { return }
        let imported = Set(house.imports.filter { $0.room == room }.map(\.module)).subtracting(Self.ofTheToolchain)
        for module in listed.subtracting(imported).sorted() { Issue.record("Package.swift: \(room) lists \(module) and imports it nowhere") }
        for module in imported.subtracting(listed).sorted() { Issue.record("Package.swift: \(room) imports \(module) and does not list it") }
    }

    static let ofTheToolchain: Set = ["Swift", "Synchronization", "Foundation", "FoundationEssentials", "Glibc", "Darwin", "Musl", "Dispatch"]

    struct Ban: Sendable, CustomTestStringConvertible {
        let pattern: String
        let instead: String
        /// Rooms or files, by the beginning of their path, where it is in its place.
        var except: [String] = []
        /// Where it holds; everywhere if empty.
        var only: [String] = []
        var testDescription: String { pattern }
    }

    static let bans: [Ban] = [
        Ban(pattern: #"(^|[^\w.])(print|debugPrint|dump)\("#, instead: "report an event, or return text to the executable", except: ["vitrine/"]),
        Ban(pattern: #"\bfatalError\("#, instead: "throw what the world can cause; `precondition` for a broken invariant"),
        Ban(pattern: #"\btry!"#, instead: "handle the error"),
        Ban(pattern: #"\bas!"#, instead: "`as?` and say what is wrong"),
        Ban(
            pattern: #"Thread\.sleep|Task\.sleep|(^|[^\w.])(sleep|usleep|nanosleep)\("#, instead: "`World.sleep`, which a stop ends and a test makes short",
            except: ["VitrineApp/Graph/RealWorld.swift", "Sandbox/"]),
        Ban(pattern: #"\bTask\.detached\b"#, instead: "a child task, so that it ends with its parent"),
        Ban(pattern: #"\bDate\(\)"#, instead: "`World.now`"),
        Ban(pattern: #"processInfo\.environment|\bgetenv\("#, instead: "take it as a parameter; the composition root reads the environment",
            except: ["VitrineApp/", "vitrine/"]),
        Ban(pattern: #"\b(FileManager|fopen|opendir|pread)\b"#, instead: "take bytes or a `ByteSource`: this room is pure",
            only: ["Feed/", "Events/", "MetaCatalog/", "Engine/", "Settings/", "Gzip/", "Cryptography/"]),
        Ban(pattern: #"^\s*(public |internal |private )?import Foundation$"#, instead: "FoundationEssentials, which links a third of it"),
        Ban(pattern: #"^\s*(public |internal |private )?import Foundation"#, instead: "the standard library: no Foundation on the row path",
            only: ["Feed/", "Events/", "Gzip/", "Cryptography/", "Transport/"]),
        Ban(pattern: #"\b(TODO|FIXME|XXX)\b"#, instead: "do it, or open an issue"),
    ]

    @Test("banned", arguments: bans)
    func banned(ban: Ban) throws {
        let pattern = try Regex(ban.pattern).anchorsMatchLineEndings()
        for line in house.lines where ban.only.isEmpty || ban.only.contains(where: line.path.hasPrefix) {
            guard !ban.except.contains(where: line.path.hasPrefix), line.code.contains(pattern) else { continue }
            Issue.record("\(line.place): \(line.code.trimmingCharacters(in: .whitespaces)) — use instead: \(ban.instead)")
        }
    }

    @Test("every `@unchecked Sendable` stands beside a sentence that proves it")
    func unchecked() {
        for (path, lines) in house.files {
            for (number, line) in lines.enumerated() where line.contains(": @unchecked Sendable") || line.contains(", @unchecked Sendable") {
                let beside = lines[max(0, number - 12)..<min(lines.count, number + 4)]
                let hasProof = beside.contains { $0.contains("//") && ($0.contains("Sendable") || $0.contains("nchecked")) }
                #expect(hasProof, "Sources/\(path):\(number + 1): say why this may cross from one task to another")
            }
        }
    }

    /// Words of one pipeline, which the shared rooms must not know: `Engine`, `Telemetry`, and the files in which `Events` says what an event is.
    /// The closed lists of `Events` name what the contract names.
    static let strangers = #"(?i)(\bmeta\b|facebook|instagram|catalog(?!ue)|\bproducts?\b|\bgraph api\b)"#
    static let shared = [
        "Engine/", "Telemetry/", "Alerting/", "Events/Event.swift", "Events/Signal", "Events/Reporter.swift", "Events/Level.swift", "Events/Secret.swift",
    ]
    /// Where a shared room says such a word all the same, and why it may.
    static let admitted: [(path: String, text: String, reason: String)] = [
        ("Engine/Lines/Receipt.swift", "product_id", "the name of the field is part of the contract"),
        ("Engine/Lines/Receipt.swift", "the product id as it was sent", "the gloss of the word subject"),
        ("Engine/Ledger/Ledger.swift", "for a catalogue: product", "the gloss of the word subject"),
        ("Engine/Ledger/LedgerSchema.swift", "nothing of products or of Meta", "says just this rule"),
        ("Engine/Books.swift", "the ids that Meta named", "where a lower bound comes from"),
        ("Engine/EngineEvent.swift", "catalog 1234567890", "an example of a culprit"),
        ("Engine/EngineEvent.swift", "Meta does not accept", "an example of a stop"),
        ("Telemetry/LogEventReference.swift", "shop-catalog", "an example of a pipeline"),
        ("Telemetry/MetricReference.swift", "Meta", "glosses label values for the reference page"),
        ("Telemetry/CloudWatch/CloudWatchFigure.swift", ".products", "the name of a metric"),
        ("Alerting/Messages/AlertMessage+HTML.swift", "<meta ", "a tag of HTML"),
        ("Telemetry/Lines/", "Meta", "the shape of a token that must never be written"),
        ("Telemetry/Metrics/MetricFamily.swift", "product", "the product of sets"),
        ("Telemetry/Lines/", "product title", "why the shape of a token is no shorter"),
    ]

    @Test("the shared rooms know nothing of products or of Meta")
    func strangers() throws {
        let pattern = try Regex(Self.strangers)
        for (path, lines) in house.files where Self.shared.contains(where: path.hasPrefix) {
            for (number, line) in lines.enumerated() where line.contains(pattern) {
                let isAdmitted = Self.admitted.contains { path.hasPrefix($0.path) && line.contains($0.text) }
                #expect(isAdmitted, "Sources/\(path):\(number + 1): \(line.trimmingCharacters(in: .whitespaces))")
            }
        }
    }

    @Test("no file is longer than 400 lines")
    func length() {
        for (path, lines) in house.files { #expect(lines.count <= 400, "Sources/\(path) has \(lines.count) lines: what is its second concept?") }
    }
}

/// The sources as they lie on the disk.
private struct House {
    struct Line {
        let path: String
        let number: Int
        let code: String
        var place: String { "Sources/\(path):\(number)" }
    }

    struct Import {
        let room: String
        let module: String
        let place: String
    }

    /// By path below `Sources`, such as `Engine/Books.swift`.
    let files: [String: [String]]
    private let manifest: String

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        manifest = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
        let sources = root.appending(path: "Sources").path
        var files: [String: [String]] = [:]
        for case let path as String in FileManager.default.enumerator(atPath: sources) ?? .init() where path.hasSuffix(".swift") {
            files[path] = try String(contentsOfFile: sources + "/" + path, encoding: .utf8).components(separatedBy: "\n")
        }
        try #require(files.count > 100, "the sources are where they were")
        self.files = files
    }

    var rooms: [String] { Set(files.keys.map(Self.room)).sorted() }

    /// Code only: whole-line comments are for people.
    var lines: [Line] {
        files.flatMap { path, lines in
            lines.enumerated().compactMap { number, text in
                text.drop { $0 == " " }.hasPrefix("//") ? nil : Line(path: path, number: number + 1, code: text)
            }
        }
    }

    var imports: [Import] {
        lines.compactMap { line in
            var words = line.code.split(separator: " ").filter { !$0.hasPrefix("@") }
            if let first = words.first, ["public", "internal", "private", "fileprivate", "package"].contains(first) { words.removeFirst() }
            guard words.first == "import", let module = words.dropFirst().last else { return nil }
            return Import(room: Self.room(line.path), module: String(module.split(separator: ".")[0]), place: line.place)
        }
    }

    /// The modules that a room's target lists; nil for a room of C.
    func dependencies(of room: String) throws -> Set<String>? {
        let openings = ["room(\"\(room)\"", ".executableTarget(\n            name: \"\(room)\""]
        guard let start = openings.compactMap({ manifest.range(of: $0) }).first else { return nil }
        let rest = manifest[start.upperBound...]
        var depth = 1
        let end = rest.firstIndex { character in
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            return depth == 0
        }
        let target = rest[..<(end ?? rest.endIndex)]
        let products = target.matches(of: #/\.product\(name: "(\w+)"/#).map { String($0.1) }
        let rooms = target.replacing(#/\.product\([^)]*\)/#, with: "").matches(of: #/"(\w+)"/#).map { String($0.1) }
        return Set(products + rooms)
    }

    private static func room(_ path: String) -> String { String(path.prefix { $0 != "/" }) }
}
