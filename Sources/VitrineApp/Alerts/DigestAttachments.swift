import Alerting
import CatalogSync
import Engine
import Events
import Investigation

/// What goes with the letter of a day, within a bound for all of it, and the words that say what does.
struct DigestAttachments {
    private(set) var all: [AlertLetter.Attachment] = []
    private let share: Int
    private var lists = 0, pages = 0
    /// Products that are in no list, and pipelines whose report is too large.
    private var missing = 0, withoutPage = 0

    /// Bytes, all together. A mail is a third larger than what it carries, and mail servers take some 10 MB.
    static let most = 3 << 20

    /// - Parameter pipelines: each has an equal share.
    init(pipelines: Int, most: Int = most) { share = most / max(1, pipelines) }

    /// - Parameters:
    ///   - total: how many products there are, told or not.
    ///   - report: the page of the last run; at most half of the share, so that the list has room.
    mutating func add(pipeline: String, products: [Product], total: Int, report: (runID: String, page: [UInt8])?) {
        var room = share
        if let report, report.page.count <= share / 2 {
            all.append(.init(name: "\(pipeline)-\(report.runID).html", type: "text/html; charset=utf-8", bytes: report.page))
            room -= report.page.count
            pages += 1
        } else if report != nil {
            withoutPage += 1
        }
        guard !products.isEmpty else { return }
        let list = SpreadsheetCSV.products(products, total: total, within: room)
        missing += list.missing
        guard !list.bytes.isEmpty else { return }
        all.append(.init(name: "\(pipeline)-not-live.csv", type: "text/csv; charset=utf-8", bytes: list.bytes))
        lists += 1
    }

    /// Empty where nothing is attached and nothing is missing.
    var sentences: [String] {
        var sentences: [String] = []
        let parts = [lists > 0 ? "the products that are not live, as a list for a spreadsheet" : nil, pages > 0 ? "the report of the last run" : nil].compactMap(\.self)
        if !parts.isEmpty { sentences.append("Attached to the mail: \(parts.joined(separator: ", and ")).") }
        if missing > 0 { sentences.append("\(missing) more \(missing == 1 ? "product is" : "products are") not live and found no room. All of them: vitrine products --output csv") }
        if withoutPage > 0 { sentences.append("The report of the last run is too large for a mail: vitrine report last") }
        return sentences
    }
}

extension SpreadsheetCSV {
    /// Products, and what to do about them.
    static func products(_ products: [Product]) -> [UInt8] {
        var sheet = SpreadsheetCSV(header: columns)
        for product in products { sheet.append(row(product)) }
        return sheet.bytes
    }

    /// The same within a bound.
    /// - Parameters:
    ///   - total: how many there are in all.
    ///   - most: bytes; what does not fit is left out by whole rows, and a last line says how many.
    /// - Returns: no bytes where not one row fits.
    static func products(_ products: [Product], total: Int, within most: Int) -> (bytes: [UInt8], missing: Int) {
        var sheet = SpreadsheetCSV(header: columns)
        var kept = 0
        for product in products {
            guard sheet.append(row(product), within: most - roomForTheLastLine) else { break }
            kept += 1
        }
        let missing = max(total, products.count) - kept
        guard kept > 0 else { return ([], missing) }
        if missing > 0 { sheet.append(["\(missing) more"]) }
        return (sheet.bytes, missing)
    }

    private static let roomForTheLastLine = 64
    private static let columns = ["pipeline", "product_id", "state", "since", "problem", "what_to_do", "message", "file", "row", "run_id"]

    private static func row(_ product: Product) -> [String] {
        [
            product.pipeline, product.productID, product.state.rawValue, product.since.rfc3339, product.remedy.title, product.remedy.action,
            product.message ?? "", product.file, String(product.row), product.runID,
        ]
    }
}
