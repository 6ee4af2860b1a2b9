import Foundation
import Sandbox
import Testing

/// A way to end, and what a script sees of it.
enum Ending: String, CaseIterable, Sendable {
    case done, nothingToDo, doneWithErrors
    case unknownOption, unknownCommand, unknownPipeline, badRunID, badStage, missingFile, unknownRun, unknownProduct
    case validationFailed
    case everythingRefused
    case unbalanced
    case stateUnwritable
    case throttled
    case wrongToken, permissionRemoved
    case noSettings, unknownKey, missingSecret, noLandingZone

    var code: Int32 {
        switch self {
        case .done, .nothingToDo: 0
        case .doneWithErrors: 1
        case .unknownOption, .unknownCommand, .unknownPipeline, .badRunID, .badStage, .missingFile, .unknownRun, .unknownProduct: 64
        case .validationFailed: 65
        case .everythingRefused: 69
        case .unbalanced: 70
        case .stateUnwritable: 73
        case .throttled: 75
        case .wrongToken, .permissionRemoved: 77
        case .noSettings, .unknownKey, .missingSecret, .noLandingZone: 78
        }
    }

    var word: String {
        switch code {
        case 64: "usage"
        case 65: "validation_failed"
        case 69: "service_unavailable"
        case 70: "internal"
        case 73: "cannot_write"
        case 75: "try_again_later"
        case 77: "permission"
        default: "settings"
        }
    }

    var arguments: [String] {
        switch self {
        case .unknownOption: ["run", "shop", "--sideways"]
        case .unknownCommand: ["runn"]
        case .unknownPipeline: ["run", "shoe"]
        case .badRunID: ["run", "shop", "--run-id", "a/b"]
        case .badStage: ["stage", "sendd", "shop", "--run-id", "x"]
        case .missingFile: ["plan", "not-there.csv"]
        case .unknownRun: ["report", "not-there"]
        case .unknownProduct: ["trace", "not-there"]
        case .noSettings: ["run", "--config", "not-there.yaml"]
        default: ["run", "shop"]
        }
    }

    /// Whether the document is a report, and the text ends with the books.
    var isReport: Bool {
        switch self {
        case .unknownCommand, .unknownProduct: false
        default: true
        }
    }

    /// The text of arguments that cannot be parsed, or of a question without answer, goes to stderr.
    var hasReportText: Bool {
        switch self {
        case .unknownOption, .unknownCommand, .badStage, .unknownRun, .unknownProduct: false
        default: true
        }
    }

    var faults: FaultPlan {
        var plan = FaultPlan.none
        switch self {
        case .doneWithErrors: plan.refusals.linkHosts = ["outlet.example"]
        case .everythingRefused: plan.rules = [FaultRule(.poison, when: .item(titleContains: "Lamp"))]
        case .throttled:
            plan.rules = [FaultRule(.throttle, when: .after(0))]
            plan.throttleMinutes = 60
        case .permissionRemoved: plan.rules = [FaultRule(.permissionRemoved, when: .after(0))]
        case .unbalanced: plan.rules = [FaultRule(.tokenExpired, when: .calls([1]))]
        default: break
        }
        return plan
    }

    /// A shop in which it ends like this.
    func shop(_ sandbox: Sandbox) async throws -> Shop {
        let url = sandbox.graphURL
        let shop: Shop
        switch self {
        case .unknownKey: shop = try Shop(graphURL: url, settings: Shop.settings(url).replacing("landing:", with: "landign:"))
        case .missingSecret: shop = try Shop(graphURL: url, settings: Shop.settings(url).replacing("SHOP_TOKEN", with: "NO_SUCH_TOKEN"))
        case .noLandingZone: shop = try Shop(graphURL: url, settings: Shop.settings(url).replacing("./landing", with: "./landung"))
        case .stateUnwritable: shop = try Shop(graphURL: url, settings: Shop.settings(url).replacing("./state", with: "./vitrine.yaml/state"))
        case .wrongToken: shop = try Shop(graphURL: url, token: "another-token")
        default: shop = try Shop(graphURL: url)
        }
        switch self {
        case .nothingToDo: break
        // Small catalogues are halved to their guilty items; only a long row of refusals says that it is not the items.
        case .everythingRefused: try shop.write("landing/data/a.csv", Rows.file(1...80))
        case .doneWithErrors: try shop.write("landing/data/a.csv", Rows.file(1...3) + Rows.row("SKU-9", host: "outlet.example"))
        case .validationFailed: try shop.write("landing/data/a.csv", Rows.header + Rows.row("SKU-1", brand: "") + Rows.row("SKU-2", brand: ""))
        default: try shop.write("landing/data/a.csv", Rows.file(1...3))
        }
        if self == .unknownRun || self == .unknownProduct { _ = try await shop.vitrine("run", "shop") }
        if self == .unbalanced { try await Self.loseARow(of: shop) }
        return shop
    }

    /// Stops a run in the middle and tells its journal of a row that never was.
    private static func loseARow(of shop: Shop) async throws {
        let stopped = try await shop.vitrine("run", "shop", "--output", "json")
        #expect(stopped.code == 77)
        let entry = try #require(shop.files().first { $0.key.contains("/journal/") && String(decoding: $0.value, as: UTF8.self).contains(#""validated""#) })
        let text = String(decoding: entry.value, as: UTF8.self)
        #expect(text.contains(#""rows":3"#))
        try shop.write(entry.key, text.replacing(#""rows":3"#, with: #""rows":4"#))
    }
}

/// The field list of DESIGN section 6, by hand.
enum Contract {
    static let report: [String: Set<String>?] = [
        "run_id": nil, "pipeline": nil, "state": nil, "started_at": nil, "ended_at": nil, "duration_seconds": nil,
        "files": ["found", "taken", "rejected", "archived"],
        "rows": ["read", "rejected", "superseded", "unchanged", "held", "sent", "pending"],
        "items": ["sent", "accepted", "warned", "refused", "unknown"],
        "batches": ["prepared", "sent", "failed"],
        "handles": ["finished", "failed", "timed_out"],
        "handle_errors": nil, "handle_warnings": nil, "balanced": nil, "findings": nil, "refusals": nil, "alerts": nil,
        "requests": ["sent", "retried"], "settled": nil, "estimate": nil, "error": nil,
    ]

    static func check(report document: JSON, _ location: SourceLocation = #_sourceLocation) {
        let keys = document.keys ?? []
        #expect(Set(report.keys).isSubset(of: keys), "missing: \(Set(report.keys).subtracting(keys).sorted())", sourceLocation: location)
        for case (let name, let parts?) in report {
            #expect(document[name].keys == parts, "\(name)", sourceLocation: location)
        }
    }

    static func check(error: JSON, code: Int32, word: String, _ location: SourceLocation = #_sourceLocation) {
        guard code > 1 else {
            #expect(error.isNull, sourceLocation: location)
            return
        }
        #expect(error["code"].text == word, sourceLocation: location)
        for field in ["reason", "culprit", "remedy"] { #expect(error[field].text?.isEmpty == false, "error.\(field)", sourceLocation: location) }
        #expect(error.keys?.subtracting(["code", "reason", "culprit", "detail", "remedy"]) == [], sourceLocation: location)
    }
}

@Suite("The contract: exit codes and their documents")
struct ContractTests {
    @Test("every way to end has its code and exactly one JSON document with every field", arguments: Ending.allCases)
    func json(_ ending: Ending) async throws {
        try await withSandbox(ending.faults) { sandbox in
            let shop = try await ending.shop(sandbox)
            let finished = try await shop.start(ending.arguments + ["--output", "json", "--result-file", "result.json"]).end()
            #expect(finished.code == ending.code, "\(finished.stdout)\(finished.stderr)")
            let document = try finished.document()
            let isReportAtTop = ending.isReport && ending != .noSettings
            if isReportAtTop { Contract.check(report: document) }
            Contract.check(error: document["error"], code: ending.code, word: ending.word)
            // Arguments that cannot be parsed name no file either.
            if ![.unknownOption, .unknownCommand, .badStage].contains(ending) {
                #expect(shop.files()["result.json"] == Data(finished.stdout.utf8))
            }
            for line in finished.stderr.split(separator: "\n") where line.hasPrefix("{") {
                #expect(line.contains(#""level":"error""#), "a log file is configured, so stderr has errors only: \(line)")
            }
        }
    }

    @Test("every report in words ends with its books", arguments: Ending.allCases)
    func text(_ ending: Ending) async throws {
        try await withSandbox(ending.faults) { sandbox in
            let shop = try await ending.shop(sandbox)
            let finished = try await shop.start(ending.arguments).end()
            #expect(finished.code == ending.code)
            guard ending.hasReportText else {
                #expect(finished.stdout.isEmpty)
                #expect(!finished.stderr.isEmpty)
                return
            }
            let last = try #require(finished.lastLine)
            if ending == .unbalanced { #expect(last.hasPrefix("BOOKS DO NOT BALANCE")) } else { #expect(last == "books balance") }
        }
    }

    @Test("run without a pipeline prints its reports under runs, and the error that decided beside them")
    func runs() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            try shop.write("landing/data/a.csv", Rows.file(1...3))
            let done = try await shop.vitrine("run", "--output", "json").document()
            #expect(done["runs"].elements.count == 1)
            Contract.check(report: done["runs.0"])
            #expect(done["runs.0.items.accepted"].number == 3)
            #expect(done["error"].isNull)
            let failed = try await shop.vitrine("run", "--output", "json", "--config", "no.yaml").document()
            Contract.check(report: failed["runs.0"])
            Contract.check(error: failed["error"], code: 78, word: "settings")
        }
    }

    @Test("a settings error names file and line")
    func settingsLine() async throws {
        for ending in [Ending.unknownKey, .missingSecret, .noLandingZone] {
            try await withSandbox { sandbox in
                let shop = try await ending.shop(sandbox)
                let document = try await shop.vitrine("run", "shop", "--output", "json").document()
                let culprit = try #require(document["error.culprit"].text)
                #expect(culprit.wholeMatch(of: /vitrine\.yaml:[1-9][0-9]*/) != nil, "\(ending): \(culprit)")
            }
        }
    }

    @Test("the lists of runs and products keep their fields when they fail")
    func listsOnFailure() async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9/v26.0")
        let runs = try await shop.vitrine("runs", "--output", "json").document()
        #expect(runs.keys == ["runs", "error"])
        let trace = try await shop.vitrine("trace", "X", "--output", "json").document()
        #expect(trace.keys == ["product_id", "now", "history", "error"])
    }
}
