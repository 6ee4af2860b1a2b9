import Engine
import Events
import Feed
import Sandbox
import Testing

@testable import CatalogSync

@Suite("A shop in Iraq, its exports by Airbyte")
struct IraqiShopTests {
    /// What goes wrong in each hour. Of the fourth the run dies in the middle.
    private static let faults: [[FaultRule]] = [
        [FaultRule(.throttle, when: .calls([1]))], [FaultRule(.transient, on: .status, when: .calls([1]))], [FaultRule(.answerLost, when: .calls([1]))],
        [], [FaultRule(.hiddenIDs, when: .calls([1]))], [FaultRule(.handleError, when: .calls([1]))],
        [FaultRule(.badGateway, when: .calls([1])), FaultRule(.partialBody, on: .status, when: .calls([1]))],
        [FaultRule(.noHandle, when: .calls([1]))], [FaultRule(.reset, when: .calls([1])), FaultRule(.unknownStatus, when: .calls([2]))],
        [FaultRule(.throttleApp, on: .status, when: .calls([1]))],
    ]
    private static let crashHour = 4

    @Test("a first full load and ten hourly deltas with late, repeated and broken rows, ended sales and faults")
    func tenHours() async throws {
        try await withBench(seed: 7) { bench in
            bench.configuration.feed = Self.options
            bench.configuration.delivery.batchSize = 1000
            bench.configuration.workers = 2
            bench.configuration.delivery.pollDeadline = .seconds(1800)
            var shop = IraqiShop(seed: 7, products: 5000)
            try await run(bench, &shop, shop.fullLoad(), "the full load")
            #expect(shop.newest.count == 5000 && bench.posts.count == 5)
            for (number, rules) in Self.faults.enumerated() {
                bench.clock.advance(.seconds(3600))
                bench.sandbox.setFaults(FaultPlan(rules: rules))
                let files = shop.delta()
                try await run(bench, &shop, files, "hour \(number + 1)", dies: number + 1 == Self.crashHour)
            }
            #expect(shop.endedSales.count >= 40, "the shop proves less than it says")
            let struck = Set(bench.sandbox.calls().compactMap(\.fault))
            #expect(struck == Set(Self.faults.flatMap { $0 }.map(\.kind)), "not every fault has struck")
        }
    }

    private static var options: FeedOptions {
        var options = FeedOptions()
        options.columns = [
            .id: "sku", .title: "name", .description: "details", .link: "https://shop.krd/p/{sku}", .imageLink: "https://cdn.shop.krd/{photo}",
            .availability: "stock", .price: "price_iqd", .salePrice: "price_after_discount", .productType: "kind",
        ]
        options.defaults.condition = "new"
        options.numberFormat = .point
        options.severities[.m06] = .off
        return options
    }

    private func run(_ bench: SyncBench, _ shop: inout IraqiShop, _ files: [IraqiShop.File], _ label: String, dies: Bool = false) async throws {
        for (number, file) in files.enumerated() {
            try bench.drop(file.name, try file.bytes, at: Double(shop.hour * 3600 + number))
        }
        let expected = shop.take(files)
        if dies {
            let death = try await bench.runUntilDeath(at: 12, .after, .silent)
            #expect(death == nil, "\(label): the run came through")
        }
        let report = try await bench.run()
        let settled = try report.settled.first.flatMap { try bench.storedReport($0.runID) }
        let ended = dies ? try #require(settled, "\(label): the run that died was not settled") : report
        let rows = ended.rows
        #expect(ended.balanced && report.balanced && ended.error == nil, "\(label): \(ended.text())")
        let found = IraqiShop.Expected(
            read: rows.read, rejected: rows.rejected, superseded: rows.superseded, unchanged: rows.unchanged, sent: rows.sent)
        #expect(found == expected, "\(label): \(ended.text())")
        #expect(ended.items.accepted == expected.sent && ended.items.refused == 0 && ended.items.unknown == 0, "\(label): \(ended.text())")
        #expect(try await bench.isTidy, "\(label): something is left")
        compare(bench.sandbox.catalog(), shop, label)
    }

    /// The catalogue, field by field, with what the model says.
    private func compare(_ catalogue: [String: SandboxItem], _ shop: IraqiShop, _ label: String) {
        #expect(catalogue.count == shop.newest.count, "\(label)")
        var wrong: [String] = []
        for (id, known) in shop.newest {
            let item = catalogue[id]
            let product = known.product
            let isRight = item?["title"] == product.title && item?["price"] == "\(product.price) IQD"
                && item?["sale_price"] == product.sale.map { "\($0) IQD" } && item?["availability"] == (product.isInStock ? "in stock" : "out of stock")
                && item?["link"] == "https://shop.krd/p/\(id)" && item?["image_link"] == "https://cdn.shop.krd/\(id).jpg"
            if !isRight { wrong.append("\(id): \(product), but the catalogue has \(String(describing: item))") }
        }
        #expect(wrong.isEmpty, "\(label): \(wrong.count) products, such as \(wrong.first ?? "")")
        let onSale = shop.endedSales.filter { shop.newest[$0]?.product.sale == nil && catalogue[$0]?["sale_price"] != nil }
        #expect(onSale.isEmpty, "\(label): sales that have ended go on: \(onSale)")
    }
}
