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
}
