public import Engine
import FoundationEssentials

/// What a command has to say: an exit code, a text for people, one JSON document for machines.
public struct Outcome: Sendable {
    public var code: ExitCode
    public var text: String
    public var json: [UInt8]

    public init(code: ExitCode, text: String, json: [UInt8]) {
        self.code = code
        self.text = text
        self.json = json
    }

    /// A document of the command's own shape is better; this is for what has none.
    public static func failure(_ stop: RunStop) -> Outcome {
        Outcome(code: stop.code, text: "vitrine: \(stop.description)\n", json: JSONDocument.bytes(ErrorDocument(error: ErrorObject(stop))))
    }
}

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
}

private struct ErrorDocument: Encodable {
    let error: ErrorObject
}

enum JSONDocument {
    static func bytes(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data = (try? encoder.encode(value)) ?? Data(#"{"error":{"code":"internal"}}"#.utf8)
        return [UInt8](data) + [UInt8(ascii: "\n")]
    }
}

extension Outcome {
    /// Wrong arguments, for machines; people read the parser's own words.
    public static func usage(_ message: String) -> Outcome {
        .failure(RunStop(.usage, reason: "usage", culprit: "the arguments", detail: message, remedy: "See: vitrine --help"))
    }

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
