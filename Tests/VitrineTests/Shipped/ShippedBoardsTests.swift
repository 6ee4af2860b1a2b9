import Foundation
import TestKit
import Testing

/// The rules of Grafana's dashboard linter, which cannot be had as a program here, as tests of our own.
@Suite("The boards that are shipped")
struct ShippedBoardsTests {
    private static let variables = ["datasource", "job", "instance"]

    @Test("are there, each with a name and an address of its own")
    func complete() {
        #expect(GrafanaBoard.all.map(\.file) == ["delivery.json", "overview.json", "run.json", "telemetry.json"])
        #expect(Set(GrafanaBoard.all.map(\.json.uid)).count == 4 && GrafanaBoard.all.allSatisfy { $0.json.uid.count <= 40 })
    }

    @Test("cannot be edited in place, say what they are for, and choose their data source, job and instance", arguments: GrafanaBoard.all)
    func frame(board: GrafanaBoard) {
        #expect(!board.json.editable && !board.json.description.isEmpty && board.json.title.hasPrefix("Vitrine / "))
        let list = board.json.templating.list
        #expect(Array(list.map(\.name).prefix(3)) == Self.variables)
        #expect(list.first?.type == "datasource")
        for variable in list.dropFirst() {
            #expect(variable.label == variable.name && variable.type == "query" && variable.multi == true && variable.allValue == ".+", "\(variable.name)")
            #expect(variable.refresh == 2, "\(variable.name) follows the time range")
            #expect(variable.datasource?.uid == "${datasource}" && variable.definition?.hasPrefix("label_values(vitrine_") == true, "\(variable.name)")
        }
    }

    @Test("have panels with title, description, unit and queries, none over another", arguments: GrafanaBoard.all)
    func panels(board: GrafanaBoard) {
        #expect(Set(board.json.panels.map(\.id)).count == board.json.panels.count, "ids are unique")
        for panel in board.panels {
            #expect(!panel.title.isEmpty && panel.description?.isEmpty == false, "\(panel.title)")
            #expect(panel.datasource?.uid == "${datasource}" && panel.fieldConfig?.defaults.unit?.isEmpty == false, "\(panel.title)")
            #expect(panel.targets?.isEmpty == false && panel.targets?.allSatisfy { $0.datasource.uid == "${datasource}" } == true, "\(panel.title)")
        }
        for (index, panel) in board.json.panels.enumerated() {
            #expect(panel.gridPos.x >= 0 && panel.gridPos.x + panel.gridPos.w <= 24, "\(panel.title)")
            for other in board.json.panels[(index + 1)...] { #expect(!panel.gridPos.meets(other.gridPos), "\(panel.title) lies over \(other.title)") }
        }
    }

    @Test("select job and instance everywhere, and look at counters through their increase only", arguments: GrafanaBoard.all)
    func queries(board: GrafanaBoard) {
        for target in board.panels.flatMap({ $0.targets ?? [] }) {
            let selectors = target.expr.matches(of: /[a-z_]+\{([^}]*)\}/)
            #expect(!selectors.isEmpty, "\(target.expr)")
            for selector in selectors { #expect(selector.1.contains("job=~\"$job\"") && selector.1.contains("instance=~\"$instance\""), "\(selector.0)") }
            for counter in target.expr.matches(of: /([a-z]+)\(vitrine_[a-z_]+_total\{/) { #expect(["rate", "irate", "increase"].contains(String(counter.1)), "\(target.expr)") }
            for bare in target.expr.matches(of: /(.?)vitrine_[a-z_]+_total\{/) { #expect(bare.1 == "(", "\(target.expr)") }
            for rate in target.expr.matches(of: /i?rate\([^\[]*\[([^\]]*)\]/) { #expect(rate.1 == "$__rate_interval", "\(target.expr)") }
        }
    }

    @Test("show counts of whole hours: a shorter time than that between two runs makes one run many bars", arguments: GrafanaBoard.all)
    func hours(board: GrafanaBoard) {
        for panel in board.panels where panel.isOfCounts {
            #expect(panel.targets?.allSatisfy { $0.expr.contains("[$__rate_interval]") } == true && panel.interval == "1h", "\(panel.title)")
        }
    }

    @Test("say in their first row, in words and in colour, that nothing is known", arguments: GrafanaBoard.all)
    func nothing(board: GrafanaBoard) {
        for panel in board.panels where panel.type == "stat" {
            let defaults = panel.fieldConfig?.defaults
            #expect(defaults?.noValue?.isEmpty == false && defaults?.mappings?.contains { $0.type == "special" } == true, "\(panel.title)")
        }
    }

    @Test("have bars that add up to what was counted, within what Prometheus extrapolates: one scrape in an hour", .enabled(if: Judge.promtool.isHere))
    func sums() async throws {
        let panel = try #require(GrafanaBoard.all.flatMap(\.panels).first { $0.title == "Items by verdict" })
        let bars = GrafanaBoard.filled(try #require(panel.targets?.first).expr, rateInterval: "61m")
        let test = """
            rule_files: []
            evaluation_interval: 1h
            tests:
              - interval: 1m
                input_series:
                  - {series: 'vitrine_items_total{job="vitrine",instance="a",pipeline="shop",outcome="accepted"}', values: "40000x62 43000x59 46000x59 46021x60"}
                promql_expr_test:
                  - expr: 'sum(sum_over_time((\(bars))[4h:1h]))'
                    eval_time: 4h
                    exp_samples: [{labels: '{}', value: 6021}]

            """
        let file = FileManager.default.temporaryDirectory.appending(path: "vitrine-bars-\(UUID().uuidString).yml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(test.utf8).write(to: file)
        let answer = try await Judge.promtool.run(["test", "rules", file.path])
        let got = answer.output.firstMatch(of: /got: \{\} ([0-9.E+]+)/).flatMap { Double($0.1) }
        let sum = answer.code == 0 ? 6021 : try #require(got, "\(answer.output)")
        #expect(abs(sum / 6021 - 1) <= 1 / 60.0 + 0.001, "\(sum)")
    }
}
