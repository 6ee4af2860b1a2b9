import Foundation
import Testing

/// A board for Grafana, as it is shipped.
struct GrafanaBoard: Sendable, CustomTestStringConvertible {
    static let folder = ReferenceTests.root.appending(path: "dashboards/grafana")
    static let all: [GrafanaBoard] = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".json") }.sorted()
        .compactMap { try? GrafanaBoard(file: $0) }

    let file: String
    let json: Content
    var testDescription: String { file }

    init(file: String) throws {
        self.file = file
        json = try JSONDecoder().decode(Content.self, from: Data(contentsOf: Self.folder.appending(path: file)))
    }

    /// Without the rows.
    var panels: [Panel] { json.panels.filter { $0.type != "row" } }

    struct Content: Decodable, Sendable {
        let uid: String
        let title: String
        let description: String
        let editable: Bool
        let templating: Variables
        let annotations: Annotations
        let panels: [Panel]
    }

    struct Variables: Decodable, Sendable { let list: [Variable] }
    struct Annotations: Decodable, Sendable { let list: [Annotation] }
    struct Annotation: Decodable, Sendable { let expr: String }

    struct Variable: Decodable, Sendable {
        let name: String
        let label: String
        let type: String
        let definition: String?
        let refresh: Int
        let multi: Bool?
        let allValue: String?
        let datasource: Source?
    }

    struct Source: Decodable, Sendable { let uid: String }

    struct Panel: Decodable, Sendable {
        let id: Int
        let type: String
        let title: String
        let description: String?
        let datasource: Source?
        let gridPos: Place
        let targets: [Target]?
        let fieldConfig: FieldConfig?
        /// The shortest time between two points.
        let interval: String?

        /// Whether it shows counts of the time before each point.
        var isOfCounts: Bool { type == "heatmap" || fieldConfig?.defaults.custom?.drawStyle == "bars" }
    }

    struct Place: Decodable, Sendable {
        let x: Int, y: Int, w: Int, h: Int
        func meets(_ other: Place) -> Bool { x < other.x + other.w && other.x < x + w && y < other.y + other.h && other.y < y + h }
    }

    struct Target: Decodable, Sendable {
        let expr: String
        let datasource: Source
    }

    struct FieldConfig: Decodable, Sendable { let defaults: Defaults }
    struct Defaults: Decodable, Sendable {
        let unit: String?
        let noValue: String?
        let mappings: [Mapping]?
        let custom: Custom?
    }

    struct Custom: Decodable, Sendable { let drawStyle: String? }
    struct Mapping: Decodable, Sendable { let type: String }

    /// Every query with its panel, as a Prometheus is asked: variables stand for everything.
    var queries: [(panel: String, query: String)] {
        panels.flatMap { panel in (panel.targets ?? []).map { ("\(file): \(panel.title)", Self.filled($0.expr)) } }
            + json.annotations.list.map { ("\(file): annotation", Self.filled($0.expr)) }
    }

    /// - Parameter rateInterval: what Grafana gives: the time between two points and one between two scrapes.
    static func filled(_ query: String, rateInterval: String = "5m") -> String {
        query.replacing("$__rate_interval", with: rateInterval).replacing("$__interval", with: "1m").replacing("$__range", with: "1h")
            .replacing("$job", with: ".+").replacing("$instance", with: ".+").replacing("$pipeline", with: ".+")
    }
}
