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

    /// Nothing but why, for arguments that name no command of which anything more could be said.
    public static func failure(_ stop: RunStop) -> Outcome { .failure(stop, NoFields()) }

    /// The answer of `run` and `plan` where nobody knows whether one pipeline was meant, whose report it is, or all, whose reports it has under `runs`.
    static func failureOfReports(_ stop: RunStop) -> Outcome {
        let one = Outcome.failure(stop, at: .now)
        return one.with(["runs": [AnyJSON(one.json)]])
    }

    /// Of one pipeline's report, or of all.
    static func failureOfRun(_ stop: RunStop, pipeline: String?, at now: Timestamp) -> Outcome {
        let one = Outcome.failure(stop, pipeline: pipeline ?? "", at: now)
        if pipeline != nil { return one }
        var all = Outcome.failure(stop, ["runs": [AnyJSON(one.json)]])
        all.text = one.text
        return all
    }

    /// With more fields in its document, or others in place of its own.
    func with(_ fields: some Encodable) -> Outcome {
        var outcome = self
        outcome.json = JSONDocument.joined(json, fields)
        return outcome
    }

    /// An answer that could not be put where it was asked for. Its document says so, unless worse is said there already.
    public func failing(_ stop: RunStop) -> Outcome {
        var outcome = JSONDocument.hasError(json) ? self : with(["error": ErrorObject(stop)])
        outcome.code = ExitCode.worst([code, stop.code])
        return outcome
    }
}

extension RunStop {
    /// - Parameter message: of the argument parser.
    public static func wrongArguments(_ message: String) -> RunStop {
        RunStop(.usage, reason: "usage", culprit: "the arguments", detail: message, remedy: "See: vitrine --help")
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

    /// The document with more fields, or others in place of its own.
    static func joined(_ document: [UInt8], _ fields: some Encodable) -> [UInt8] {
        guard case .object(var all) = AnyJSON(document), case .object(let more) = AnyJSON(encoded(fields)) else { return document }
        for (name, value) in more { all[name] = value }
        return encoded(AnyJSON.object(all))
    }

    static func hasError(_ document: [UInt8]) -> Bool {
        guard case .object(let fields) = AnyJSON(document), let error = fields["error"] else { return false }
        return error != .null
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
    public func write(to path: String) -> RunStop? {
        do {
            try AtomicFile.write(json, to: path)
            return nil
        } catch {
            return RunStop(appError: error)
        }
    }
}
