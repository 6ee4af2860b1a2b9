import Foundation
import Testing

@testable import Sandbox
@testable import VitrineApp

@Suite("The demo's landing zone")
struct DemoLandingZoneTests {
    @Test("is the same for the same seed and another for another")
    func determinism() {
        #expect(DemoLandingZone.files(seed: 1).map(\.csv) == DemoLandingZone.files(seed: 1).map(\.csv))
        #expect(DemoLandingZone.files(seed: 1).map(\.csv) != DemoLandingZone.files(seed: 2).map(\.csv))
    }

    @Test("is written under data, one file in a folder of its own")
    func written() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "demo-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let names = try DemoLandingZone.write(to: root.path, seed: 1)
        #expect(names == names.sorted())
        #expect(names.filter { $0.contains("/") }.count == 1)
        for (name, file) in zip(names, DemoLandingZone.files(seed: 1)) {
            #expect(try Data(contentsOf: root.appending(path: "data/\(name)")) == Data(file.csv.utf8))
        }
        #expect(throws: DemoError.self) { try DemoLandingZone.write(to: root.appending(path: "data/\(names[1])").path, seed: 1) }
    }

    @Test("holds 480 rows, few of them wrong, twelve of them newer versions", arguments: UInt64(1)...20)
    func shape(seed: UInt64) {
        let files = DemoLandingZone.files(seed: seed).map { Table($0.csv) }
        #expect(files.map(\.rows.count) == [140, 220, 120])
        let rows = files.flatMap(\.rows)
        #expect(rows.filter { $0.count < 12 }.count == DemoMistake.tooFewFields.count)
        #expect(rows.filter { $0["brand"] == "" && $0.count == 12 }.count == DemoMistake.missingBrand.count)
        #expect(rows.filter { $0["price"]?.contains(",") == true }.count == DemoMistake.priceWithoutCurrency.count)
        let ids = rows.compactMap { $0["id"] }
        #expect(ids.count - Set(ids).count == DemoLandingZone.superseded)
        let rejected = DemoMistake.allCases.filter(\.isRejected).map(\.count).reduce(0, +)
        #expect((20...40).contains(rejected))
        #expect(files[2].rows.contains { $0["description"]?.contains("\n") == true })
    }

    @Test("gives the sandbox nothing to refuse but what our rules reject and what only Meta can see", arguments: UInt64(1)...10)
    func sandboxAgrees(seed: UInt64) throws {
        var configuration = SandboxConfiguration()
        configuration.faults.refusals = FaultPlan.demo.refusals
        configuration.handleDelay = 0
        var model = SandboxModel(configuration: configuration)
        var refused: [String] = []
        for file in DemoLandingZone.files(seed: seed) {
            let rows = Table(file.csv).rows.filter { $0.count == 12 }
            refused += try model.refused(rows)
        }
        let rejected = DemoMistake.allCases.filter { $0.isRejected && $0 != .tooFewFields }.map(\.count).reduce(0, +)
        #expect(Set(refused).count == rejected + DemoLandingZone.refusedBySandbox, "seed \(seed)")
    }
}

extension SandboxModel {
    /// Sends rows as one batch and asks for the ids it refuses.
    fileprivate mutating func refused(_ rows: [[String: String]]) throws -> [String] {
        let records = rows.map { row -> SandboxValue in
            var fields = row
            fields["availability"] = fields["availability"] == "in_stock" ? "in stock" : fields["availability"]
            fields["google_product_category"] = fields.removeValue(forKey: "product_type")
            return .object(("method", "UPDATE"), ("data", .object(fields.map { SandboxValue.Member($0.key, .string($0.value)) })))
        }
        let body = SandboxValue.object(("item_type", "PRODUCT_ITEM"), ("requests", .array(records)))
        let handle = try #require(send("POST", "items_batch", body: body)["handles"]).elements[0].text
        let status = send("GET", "check_batch_request_status", query: ["handle": handle ?? "", "load_ids_of_invalid_requests": "true"])
        return try #require(status["data"]?.elements.first?["ids_of_invalid_requests"]).elements.compactMap(\.text)
    }

    private mutating func send(_ method: String, _ edge: String, query: [String: String] = [:], body: SandboxValue? = nil) -> SandboxValue {
        let bytes = Array((body?.json ?? "").utf8)
        let reply = answer(
            SandboxRequest(
                method: method, path: "/v26.0/\(configuration.catalogID)/\(edge)", query: query, authorization: "Bearer \(configuration.accessToken)",
                contentType: "application/json", body: bytes, bodyBytes: bytes.count))
        return (try? JSONReader.read(Array(reply.body.utf8))) ?? .null
    }
}

extension SandboxValue {
    fileprivate var elements: [SandboxValue] { if case .array(let elements) = self { elements } else { [] } }
}

/// The plainest reading of RFC 4180: characters in, rows by column name out.
struct Table {
    var rows: [[String: String]] = []

    init(_ csv: String) {
        var records: [[String]] = [[]]
        var field = "", isQuoted = false, justClosed = false
        for scalar in csv.unicodeScalars where scalar != "\u{FEFF}" {
            switch scalar {
            case "\"":
                if justClosed { field.unicodeScalars.append("\"") }
                justClosed = isQuoted
                isQuoted.toggle()
                continue
            case ",", "\n":
                guard !isQuoted else { field.unicodeScalars.append(scalar); break }
                records[records.count - 1].append(field)
                field = ""
                if scalar == "\n" { records.append([]) }
            case "\r" where !isQuoted: break
            default: field.unicodeScalars.append(scalar)
            }
            justClosed = false
        }
        rows = records.dropFirst().filter { !$0.isEmpty }.map { Dictionary(uniqueKeysWithValues: zip(records[0], $0)) }
    }
}
