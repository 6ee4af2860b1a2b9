import CatalogSync
import Events
import FoundationEssentials
import Investigation

/// The answer of `vitrine logs` as one JSON document.
struct LogsDocument: Encodable {
    struct Line: Encodable {
        @Present var time: Timestamp?
        let log_file: String
        let offset: Int
        /// The line itself.
        let record: AnyJSON
        /// Lines around it, as texts: they can be anything.
        let before: [String]
        let after: [String]
    }

    struct Group: Encodable {
        @Present var bucket: Timestamp?
        /// By field; null where the lines have none.
        let values: [String: Value]
        let lines: Int
        @Present var first: Timestamp?
        @Present var last: Timestamp?
    }

    /// A text or null.
    struct Value: Encodable {
        let text: String?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if let text { try container.encode(text) } else { try container.encodeNil() }
        }
    }

    @Present var since: Timestamp?
    @Present var until: Timestamp?
    let matched: Int
    let unreadable: Int
    let is_cut: Bool
    let lines: [Line]
    let group_by: [String]
    @Present var bucket_seconds: Double?
    let groups: [Group]
    let others: LogAnswer.Others
    /// A count told is too low by this at most.
    let most_missing: Int
    let files: [LogAnswer.File]
    let problems: [LogProblem]

    init(_ query: LogQuery, _ answer: LogAnswer) {
        _since = Present(wrappedValue: query.since)
        _until = Present(wrappedValue: query.until)
        matched = answer.matched
        unreadable = answer.unreadable
        is_cut = answer.isCut
        lines = answer.lines.map { line in
            Line(
                time: line.time, log_file: answer.files[line.file].name, offset: line.offset, record: AnyJSON(line.bytes),
                before: line.before.map { String(decoding: $0, as: UTF8.self) }, after: line.after.map { String(decoding: $0, as: UTF8.self) })
        }
        let fields = query.grouping?.fields ?? []
        group_by = fields
        _bucket_seconds = Present(wrappedValue: query.grouping?.bucket.map { $0 / .seconds(1) })
        groups = answer.groups.map { group in
            Group(
                bucket: group.bucket, values: Dictionary(zip(fields, group.values.map(Value.init)), uniquingKeysWith: { first, _ in first }), lines: group.count,
                first: group.first, last: group.last)
        }
        others = answer.otherGroups
        most_missing = answer.mostMissing
        files = answer.files
        problems = answer.problems
    }
}

/// JSON read to be written again.
enum AnyJSON: Codable, Sendable, Equatable {
    case null
    case flag(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case array([AnyJSON])
    case object([String: AnyJSON])

    /// What cannot be read becomes a text.
    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        self = (try? JSONDecoder().decode(AnyJSON.self, from: Data(text.utf8))) ?? .text(text)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() { self = .null }
        else if let value = try? container.decode(Bool.self) { self = .flag(value) }
        else if let value = try? container.decode(Int64.self) { self = .integer(value) }
        else if let value = try? container.decode(Double.self) { self = .number(value) }
        else if let value = try? container.decode(String.self) { self = .text(value) }
        else if let value = try? container.decode([AnyJSON].self) { self = .array(value) }
        else { self = .object(try container.decode([String: AnyJSON].self)) }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .flag(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
