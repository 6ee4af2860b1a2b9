import Alerting
import CatalogSync
import Engine
import Events
import Investigation
import Settings

/// Finds out what the letter of a day says.
struct DigestWriter: Sendable {
    let factory: PipelineFactory
    let ledger: Ledger

    /// Products in the attached list, of each pipeline.
    private static let mostListed = SubjectQuery.mostAtOnce
    /// Bytes of one attachment; mail servers take some 10 MB in all.
    private static let mostAttached = 3 << 20
    private static let mostCauses = 200
    private static let mostMended = 100_000

    func letter(_ order: DigestOrder) async throws(DeliveryFailure) -> AlertLetter {
        do {
            let loaded = factory.loaded
            var digest = DailyDigest(order: order, zone: loaded.zone(loaded.settings.alerts.digest?.timeZone))
            var attachments: [AlertLetter.Attachment] = []
            for pipeline in loaded.settings.pipelines {
                let (part, files) = try await part(pipeline, order)
                digest.parts.append(part)
                attachments += files
            }
            return AlertLetter(
                subject: digest.subject, text: digest.text, html: digest.html, attachments: attachments.filter { $0.bytes.count <= Self.mostAttached },
                at: order.until)
        } catch {
            let stop = RunStop(appError: error)
            throw DeliveryFailure(culprit: "digest: \(stop.culprit): \(stop.detail)", remedy: stop.remedy, isFinal: false)
        }
    }

    private func part(_ pipeline: PipelineSettings, _ order: DigestOrder) async throws -> (DailyDigest.Part, [AlertLetter.Attachment]) {
        let questions = Questions(ledger: ledger)
        let name = pipeline.name
        let status = await StatusReader(loaded: factory.loaded, questions: questions, world: factory.world).status(of: pipeline)
        let causes = try ledger.causeNews(pipeline: name, after: order.from, until: order.until, limit: Self.mostCauses)
        let mended = try ledger.mended(pipeline: name, after: order.from, until: order.until, limit: Self.mostMended)
        let part = DailyDigest.Part(status, causes: causes, mended: mended)
        var attachments: [AlertLetter.Attachment] = []
        let products = try questions.products(SubjectQuery(pipeline: name, states: SubjectState.notLive, limit: Self.mostListed)).products
        if !products.isEmpty {
            attachments.append(.init(name: "\(name)-not-live.csv", type: "text/csv; charset=utf-8", bytes: SpreadsheetCSV.products(products)))
        }
        let reports = try questions.runs(RunQuery(pipeline: name, since: order.from, limit: 100))
        // A run that read something says more than one that found nothing to do.
        if let report = reports.first(where: { $0.rows.read > 0 }) ?? reports.first {
            let page = report.html(for: factory.loaded.presentation(of: name))
            attachments.append(.init(name: "\(name)-\(report.runID).html", type: "text/html; charset=utf-8", bytes: page))
        }
        return (part, attachments)
    }
}

extension SpreadsheetCSV {
    /// Products, and what to do about them.
    static func products(_ products: [Product]) -> [UInt8] {
        var sheet = SpreadsheetCSV(header: ["pipeline", "product_id", "state", "since", "problem", "what_to_do", "message", "file", "row", "run_id"])
        for product in products {
            sheet.append([
                product.pipeline, product.productID, product.state.rawValue, product.since.rfc3339, product.remedy.title, product.remedy.action,
                product.message ?? "", product.file, String(product.row), product.runID,
            ])
        }
        return sheet.bytes
    }
}
