import Events
import Foundation
import Telemetry
import TestKit
import Testing
@testable import VitrineApp

/// Dashboards, rules, alarms and runbooks speak of things that exist, and of all of them.
@Suite("What is shipped and what there is")
struct ShippedNamesTests {
    private static func text(_ path: String) throws -> String { try String(contentsOf: ReferenceTests.root.appending(path: path), encoding: .utf8) }

    private static let rulesPath = "alerts/prometheus/vitrine.rules.yml"
    static let metricTexts: [(path: String, text: String)] =
        GrafanaBoard.all.map { board in ("dashboards/grafana/\(board.file)", board.queries.map(\.query).joined(separator: "\n")) }
        + [rulesPath, "alerts/prometheus/vitrine.test.yml", "alerts/prometheus/schedules.test.yml"].compactMap { path in (try? text(path)).map { (path, $0) } }

    /// Names of metrics, without what histograms add.
    private static func metrics(in text: String) -> Set<String> {
        Set(text.matches(of: /\bvitrine_[a-z_]+/).map { String($0.0) }.map { name in
            for ending in ["_bucket", "_sum", "_count"] where MetricName(rawValue: String(name.dropLast(ending.count))) != nil && name.hasSuffix(ending) {
                return String(name.dropLast(ending.count))
            }
            return name
        })
    }

    /// Of recording rules.
    private static let recorded: Set<String> = ["vitrine_items_refused"]

    @Test("every metric of a board or rule is in the catalogue", arguments: metricTexts.map(\.path))
    func exist(path: String) throws {
        let entry = try #require(Self.metricTexts.first { $0.path == path })
        let strangers = Self.metrics(in: entry.text).subtracting(Self.recorded).filter { MetricName(rawValue: $0) == nil }
        #expect(strangers == [], "\(path)")
    }

    @Test("every metric of the catalogue is on a board", arguments: MetricName.allCases)
    func shown(metric: MetricName) {
        let shown = GrafanaBoard.all.filter { board in board.queries.contains { Self.metrics(in: $0.query).contains(metric.rawValue) } }
        #expect(!shown.isEmpty, "\(metric.rawValue) is on no board")
    }

    @Test("every label and value in a selector is one that the metric has")
    func labels() {
        let declarations = Dictionary(uniqueKeysWithValues: MetricName.allCases.map { ($0.rawValue, $0.declaration) })
        for (path, text) in Self.metricTexts {
            for selector in text.matches(of: /\b(vitrine_[a-z_]+)\{([^}]*)\}/) {
                guard let name = Self.metrics(in: String(selector.1)).first, let declaration = declarations[name] else { continue }
                for matcher in selector.2.matches(of: /([a-z]+)=~?"([^"]*)"/) where !["job", "instance", "pipeline", "le"].contains(String(matcher.1)) {
                    let label = declaration.labels.first { $0.name.rawValue == matcher.1 }
                    #expect(label != nil, "\(path): \(name) has no label \(matcher.1)")
                    guard case .closed(let values) = label?.values else { continue }
                    for value in matcher.2.split(separator: "|") { #expect(values.contains(String(value)), "\(path): \(name) never has \(matcher.1)=\(value)") }
                }
            }
        }
    }

    @Test("every figure of CloudWatch is on its board, and no other; alarms name figures that there are")
    func cloudWatch() throws {
        let board = try Self.text("dashboards/cloudwatch/dashboard.json")
        _ = try JSONSerialization.jsonObject(with: Data(board.utf8))
        let named = Set(board.matches(of: /MetricName=\\"([A-Za-z]+)\\"/).map { String($0.1) })
        #expect(named == Set(CloudWatchFigure.allCases.map(\.rawValue)))
        let alarms = try Self.text("alerts/cloudwatch/alarms.tf")
        let figures = alarms.matches(of: /(?:metric|refused|accepted) +=\s+"([A-Z][A-Za-z]+)"/).map { String($0.1) }
        #expect(figures.count == 9 && figures.allSatisfy { CloudWatchFigure(rawValue: $0) != nil }, "\(figures)")
    }

    private static func alerts() throws -> [String] { try text(rulesPath).matches(of: /- alert: (\w+)/).map { String($0.1) } }

    @Test("every alert has a page of what to do, and every page an alert; alarms name pages too")
    func runbooks() throws {
        let pages = try FileManager.default.contentsOfDirectory(atPath: ReferenceTests.root.appending(path: "docs/runbook").path)
        #expect(Set(pages) == Set(try Self.alerts().map { $0 + ".md" }))
        for name in try Self.text("alerts/cloudwatch/alarms.tf").matches(of: /\bVitrine[A-Z]\w+/).map({ String($0.0) }) { #expect(pages.contains(name + ".md"), "\(name)") }
        for page in pages {
            let text = try Self.text("docs/runbook/\(page)")
            for section in ["## What it means", "## Look", "## Do", "## Tune"] { #expect(text.contains(section), "\(page)") }
        }
    }

    @Test("commands and events in the runbooks exist")
    func commands() throws {
        let events = Set(EventFamilies.all.flatMap { Self.names(of: $0) })
        for alert in try Self.alerts() {
            let text = try Self.text("docs/runbook/\(alert).md")
            for event in text.matches(of: /--event ([a-z_.]+)/) { #expect(events.contains(String(event.1)), "\(alert): \(event.1)") }
            for command in text.matches(of: /vitrine ([a-z]+)/) { #expect(Self.subcommands.contains(String(command.1)), "\(alert): vitrine \(command.1)") }
        }
    }

    private static func names<Family: Event>(of family: Family.Type) -> [String] { Family.Name.allCases.map(\.rawValue) }

    /// As `docs/reference` and the README have them.
    private static let subcommands: Set<String> = [
        "run", "plan", "serve", "runs", "report", "trace", "products", "changes", "resend", "logs", "release", "discard", "alerts", "doctor", "status",
        "resume", "pause", "incident", "stage", "reindex",
    ]

    @Test("every alert leads to a panel that there is")
    func panels() throws {
        let places = Set(GrafanaBoard.all.flatMap { board in board.panels.map { "/d/\(board.json.uid)?viewPanel=\($0.id)" } })
        let named = try Self.text(Self.rulesPath).matches(of: /dashboard_url: (\S+)/).map { String($0.1) }
        #expect(named.count == (try Self.alerts().count) && Set(named).isSubset(of: places), "\(Set(named).subtracting(places))")
    }

    private static let folder = ReferenceTests.root.appending(path: "alerts/prometheus").path

    @Test("promtool takes the rules", .enabled(if: Judge.promtool.isHere))
    func rules() async throws {
        let check = try await Judge.promtool.run(["check", "rules", "--lint-fatal", Self.folder + "/vitrine.rules.yml"])
        #expect(check.code == 0, "\(check.output)")
    }

    @Test(
        "each alert says what it is to say; over whole schedules it begins, goes on and ends when it should, and is silent where all is well", .enabled(if: Judge.promtool.isHere),
        arguments: ["vitrine.test.yml", "schedules.test.yml"])
    func fires(file: String) async throws {
        let test = try await Judge.promtool.run(["test", "rules", Self.folder + "/" + file])
        #expect(test.code == 0, "\(test.output)")
        let tested = Set(try Self.text("alerts/prometheus/\(file)").matches(of: /alertname(?:: |="|=\\")(Vitrine\w+)/).map { String($0.1) })
        // The dead-man switch has no beginning and no end.
        #expect(tested.union(["VitrineWatchdog"]) == Set(try Self.alerts()), "an alert without a test may never fire")
    }
}
