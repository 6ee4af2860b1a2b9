import CatalogSync
public import Engine
import Events
import FoundationEssentials

/// What a command has to say: an exit code, a text for people, one JSON document for machines.
public struct Outcome: Sendable {
    public var code: ExitCode
    public var text: String
    public var json: [UInt8]
    /// The same for a spreadsheet, from commands that list.
    public var csv: [UInt8]?
    /// What people should know beside the text, on stderr; machines find it in the document.
    public var notes: [String] = []

    public init(code: ExitCode, text: String, json: [UInt8]) {
        self.code = code
        self.text = text
        self.json = json
    }

    /// A command that did not come to its answer: the document has the fields of the answer, empty, and says why.
    static func failure(_ stop: RunStop, _ empty: some Encodable) -> Outcome {
        Outcome(code: stop.code, text: stop.message, json: JSONDocument.bytes(empty, error: stop))
    }

    /// The same for a command whose answer is a report.
    static func failure(_ stop: RunStop, reportOf runID: String = "", pipeline: String = "", at now: Timestamp) -> Outcome {
        var report = SyncReport(runID: runID, pipeline: pipeline, state: .failed, startedAt: now)
        report.endedAt = now
        report.error = .init(stop)
        return Outcome(code: stop.code, text: stop.message, json: JSONDocument.bytes(report))
    }
}

extension RunStop {
    /// In two lines on stderr.
    fileprivate var message: String { "\(Outcome.errorMark)\(culprit): \(detail).\n  What to do: \(remedy)\n" }
}

extension Outcome {
    /// What a text begins with that belongs on stderr.
    fileprivate static let errorMark = "vitrine: "

    public var isError: Bool { code != .success && text.hasPrefix(Self.errorMark) }

    /// Wrong arguments, for machines; people read the parser's own words. The document has the fields of a report where the command makes one.
    /// - Parameter makesReport: whether `run`, `plan`, `stage`, `report` or `demo` was asked for.
    public static func usage(_ message: String, makesReport: Bool) -> Outcome {
        let stop = RunStop(.usage, reason: "usage", culprit: "the arguments", detail: message, remedy: "See: vitrine --help")
        return makesReport ? .failure(stop, at: .now) : .failure(stop, NoFields())
    }
}

/// An answer that is nothing but its `error`.
struct NoFields: Encodable {}

struct ErrorObject: Encodable {
    let code: String
    let reason: String
    let culprit: String
    let detail: String
    let remedy: String

    init(_ stop: RunStop) {
        code = stop.code.name
        reason = stop.reason
        culprit = stop.culprit
        detail = stop.detail
        remedy = stop.remedy
    }

    init(_ failure: SyncReport.Failure) {
        code = failure.code
        reason = failure.reason
        culprit = failure.culprit
        detail = failure.detail
        remedy = failure.remedy
    }
}

/// The fields of an answer, and beside them `error`, null where there is none.
private struct Answer<Body: Encodable>: Encodable {
    let body: Body
    let error: ErrorObject?

    enum Key: CodingKey { case error }

    func encode(to encoder: any Encoder) throws {
        try body.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(error, forKey: .error)
    }
}

enum JSONDocument {
    /// A report has its own `error`.
    static func bytes(_ report: SyncReport) -> [UInt8] { encoded(report) }

    static func bytes(_ body: some Encodable, error: RunStop? = nil) -> [UInt8] {
        encoded(Answer(body: body, error: error.map(ErrorObject.init)))
    }

    /// Several reports in one document; its `error` is that of the report which decides about the exit code.
    static func bytes(runs reports: [SyncReport]) -> [UInt8] {
        let worst = ExitCode.worst(reports.map(\.exitCode))
        let error = reports.first { $0.exitCode == worst }?.error
        return encoded(Answer(body: ["runs": reports], error: error.map(ErrorObject.init)))
    }

    private static func encoded(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data = (try? encoder.encode(value)) ?? Data(#"{"error":{"code":"internal"}}"#.utf8)
        return [UInt8](data) + [UInt8(ascii: "\n")]
    }
}

extension Outcome {
    /// The JSON document to a file, whole or not at all. What went wrong, if it did.
    public func write(to path: String) -> String? {
        do {
            try AtomicFile.write(json, to: path)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
