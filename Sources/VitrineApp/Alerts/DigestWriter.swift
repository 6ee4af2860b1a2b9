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
    private static let mostCauses = 200
    private static let mostMended = 100_000

    func letter(_ order: DigestOrder) async throws(DeliveryFailure) -> AlertLetter {
        do {
            let loaded = factory.loaded
            var digest = DailyDigest(order: order, zone: loaded.zone(loaded.settings.alerts.digest?.timeZone))
            var attachments = DigestAttachments(pipelines: loaded.settings.pipelines.count)
            for pipeline in loaded.settings.pipelines {
                digest.parts.append(try await part(pipeline, order))
                try attach(pipeline.name, order, to: &attachments)
            }
            digest.attached = attachments.sentences
            return AlertLetter(subject: digest.subject, text: digest.text, html: digest.html, attachments: attachments.all, at: order.until)
        } catch {
            let stop = RunStop(appError: error)
            throw DeliveryFailure(culprit: "digest: \(stop.culprit): \(stop.detail)", remedy: stop.remedy, isFinal: false)
        }
    }

    private func part(_ pipeline: PipelineSettings, _ order: DigestOrder) async throws -> DailyDigest.Part {
        let name = pipeline.name
        let status = await StatusReader(loaded: factory.loaded, questions: Questions(ledger: ledger), world: factory.world).status(of: pipeline)
        let causes = try ledger.causeNews(pipeline: name, after: order.from, until: order.until, limit: Self.mostCauses)
        let mended = try ledger.mended(pipeline: name, after: order.from, until: order.until, limit: Self.mostMended)
        return DailyDigest.Part(status, causes: causes, mended: mended)
    }

    private func attach(_ name: String, _ order: DigestOrder, to attachments: inout DigestAttachments) throws {
        let questions = Questions(ledger: ledger)
        let listed = try questions.products(SubjectQuery(pipeline: name, states: SubjectState.notLive, limit: Self.mostListed))
        let reports = try questions.runs(RunQuery(pipeline: name, since: order.from, limit: 100))
        // A run that read something says more than one that found nothing to do.
        let report = (reports.first { $0.rows.read > 0 } ?? reports.first).map { (runID: $0.runID, page: $0.html(for: factory.loaded.presentation(of: name))) }
        attachments.add(pipeline: name, products: listed.products, total: listed.total ?? listed.products.count, report: report)
    }
}
