import Events
import Foundation
import Telemetry
import Testing
@testable import VitrineApp

/// Files that other programs read our lines with: held to the closed lists of fields and events.
@Suite("Log formats and saved queries that ship")
struct ShippedLogFilesTests {
    private static let scope = ["time", "level", "event", "msg", "pipeline", "run_id", "stage", "trace_id", "span_id", "seq"]
    private static let fields = Set(FieldName.allCases.map(\.rawValue) + scope)
    private static var events: Set<String> { Set(EventFamilies.all.flatMap { names(of: $0) }) }
    private static func names<Family: Event>(of family: Family.Type) -> [String] { Family.Name.allCases.map(\.rawValue) }

    private static func json(_ path: String) throws -> JSON {
        JSON(value: try JSONSerialization.jsonObject(with: Data(contentsOf: ReferenceTests.root.appending(path: path))))
    }

    @Test("lnav knows every field there is, no other, and each by its kind")
    func lnav() throws {
        let format = try Self.json("dashboards/lnav/vitrine.lnav.json")["vitrine_log"]
        let known = format["value"].keys ?? []
        let special = ["timestamp-field", "level-field", "body-field", "opid-field"].compactMap { format[$0].text }
        #expect(special == ["time", "level", "msg", "run_id"])
        #expect(known.union(special) == Self.fields, "missing: \(Self.fields.subtracting(known.union(special)).sorted()), unknown: \(known.subtracting(Self.fields).sorted())")
        #expect((format["level"].keys ?? []) == Set(Level.allCases.map(\.name)))
        for example in CatalogueTests.examples {
            // `value` is whatever was found: a text, which can be a number too.
            for field in example.signal.fields where field.name != .value {
                let kind = format["value.\(field.name.rawValue).kind"].text
                switch field.value {
                case .integer: #expect(kind == "integer" || kind == "float", "\(field.name.rawValue) of \(example.name) is a number")
                case .number: #expect(kind == "float", "\(field.name.rawValue) of \(example.name) is a fraction")
                case .text, .flag: #expect(kind == "string", "\(field.name.rawValue) of \(example.name) is a text")
                }
            }
        }
    }

    static let queries = (try? json("dashboards/logs-insights/queries.json").elements.compactMap { query in
        query["queryString"].text.map { Query(name: query["name"].text ?? "", text: $0, parameters: query["parameters"].elements.compactMap { $0["name"].text }) }
    }) ?? []

    struct Query: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var parameters: [String]
        var testDescription: String { name }
    }

    /// Source: "Logs Insights language query syntax" of the CloudWatch Logs user guide.
    private static let words: Set = [
        "fields", "filter", "stats", "sort", "limit", "display", "dedup", "by", "as", "asc", "desc", "in", "not", "and", "or", "like", "count", "count_distinct", "latest", "earliest", "avg", "pct", "max", "min", "sum",
        "@timestamp", "@message",
    ]

    @Test("every name in a saved query is a field, an event, or a name that it makes itself", arguments: queries)
    func query(query: Query) {
        #expect(query.name.hasPrefix("vitrine/") && query.name.count <= 255 && query.text.count <= 10_000)
        let quoted = query.text.matches(of: /"([^"]*)"/).map { String($0.output.1) }
        for text in quoted where !text.hasPrefix("{{") { #expect(Self.events.contains(text) || Level(name: text) != nil, "'\(text)' is no event and no level") }
        let plain = query.text.replacing(/"[^"]*"/, with: " ").replacing(/bin\([^)]*\)/, with: " ")
        let made = Set(plain.matches(of: /\bas ([a-z_]+[0-9]*[a-z_]*)/).map { String($0.output.1) })
        for word in plain.matches(of: /[@a-z_][@a-z_0-9]*/).map({ String($0.output) }) where !Self.words.contains(word) && !made.contains(word) {
            #expect(Self.fields.contains(word), "'\(word)' is no field")
        }
        for parameter in query.parameters { #expect(query.text.contains("{{\(parameter)}}"), "\(parameter) is not used") }
        for used in query.text.matches(of: /\{\{(\w+)\}\}/) { #expect(query.parameters.contains(String(used.output.1))) }
    }

    @Test("a query that names what is not there would be found") func judge() {
        #expect(Self.queries.count >= 10)
        #expect(!Self.fields.contains("sku") && !Self.events.contains("item.lost"))
    }
}
