import Engine
import Events
import MetaCatalog

extension SyncEvent {
    public static var examples: [SyncEvent] {
        let refusal = ValidationFacts.Refusal(
            rule: "F08", line: 812, value: "\"Walnut desk", message: "the quote opened on line 812 is never closed",
            remedy: "Close the quote, or double it if it belongs to the text.")
        let stop = StopFacts(
            code: .validationFailed, reason: "rejected_share", culprit: "shop-catalog", detail: "31 % of the rows were rejected",
            remedy: "Mend the rows, or run: vitrine run shop-catalog --accept-rejected --reason TEXT")
        let throttle = CallFailure(
            kind: .throttled, code: 80014, message: "Too many batch uploads", httpStatus: 400, culprit: "catalog 1234567890", remedy: "Wait.")
        let reset = CallFailure(
            kind: .lostAnswer, message: "connection closed before the answer", culprit: "catalog 1234567890", remedy: "Nothing to do.")
        var counts = ItemCounts()
        counts.accepted = 2988
        counts.refused = 12
        return [
            .runHeld(
                StopFacts(
                    code: .tryAgainLater, reason: "held", culprit: "shop-catalog",
                    detail: "62 % of the known catalogue (310 of 500 products) would turn out of stock; the limit is 30 % (V06). It would have sent 310 items in 1 batch",
                    remedy: "Look at the products named.")),
            .runStillHeld(
                reason: "run 20261121T080000Z-7f3a is held since 2026-11-21T08:00:12.000Z: 62 % of the known catalogue would turn out of stock",
                remedy: "If it is right: vitrine release 20261121T080000Z-7f3a --reason TEXT."),
            .runReleased(author: "ana@shop-1", reason: "the warehouse is closed"),
            .releaseTaken(runID: "20261121T080000Z-7f3a", author: "ana@shop-1", reason: "the warehouse is closed"),
            .runDiscarded(files: 2, author: "ana@shop-1", reason: "the stock export had failed"),
            .fileDiscarded(file: "stock.csv", author: "ana@shop-1", reason: "the stock export had failed"),
            .resendRequested(author: "ana@shop-1", what: "refused, SKU-7", reason: "the domain is verified now"),
            .resendTaken(author: "ana@shop-1", what: "refused, SKU-7", reason: "the domain is verified now"), .resendGathered(items: 7, skipped: 1),
            .productNotResent(productID: "SKU-8", reason: "its newest row was rejected: mend that row"),
            .runLogLost(reason: "log.ndjson.gz: No space left on device"), .runMarkLeft(reason: "told to stop"),
            .runLogCut(lines: 1_204),
            .landingListed(files: 3, oldest: Timestamp(year: 2026, month: 11, day: 21)), .fileClaimed(file: "shoes.csv", bytes: 48_120, modified: Timestamp(year: 2026, month: 11, day: 21, hour: 7)),
            .fileSkipped(file: "bags.csv", reason: "it is still being written"), .fileRefused(file: "shoes.csv", refusal),
            .fileArchived(file: "shoes.csv", outcome: "archived"),
            .fileSeenBefore(file: "shoes.csv", runID: "20261121T070000Z-1f09aa"), .rowsValidated(file: "shoes.csv", read: 812, rejected: 3),
            .findingsCounted(rule: "P02", severity: "error", count: 3),
            .rowRejected(
                file: "shoes.csv", row: 812, productID: "SKU-7", rule: "P02", column: "price", value: "12,50",
                hint: "Write the amount with a point and the currency: 12.50 EUR"),
            .rowSuperseded(file: "a.csv", row: 7, productID: "SKU-7", newerFile: "b.csv", newerRow: 3), .validationFailed(stop),
            .rejectedAccepted(reason: "known mistake in the old stock"), .runRestarted(reason: "shoes.csv was replaced"),
            .rowsTransformed(winners: 12_000, unchanged: 40, superseded: 0, items: 11_960, batches: 4),
            .batchPrepared(batch: "00001", items: 3000, bytes: 1_204_331),
            .batchSent(batch: "00001", handle: "AcxEXAMPLEhandle01", items: 3000, refused: 0, attempt: 1, seconds: 1.204),
            .batchRefused(batch: "00001", items: 3000, message: "All capital letters"),
            .batchDivided(batch: "00001", into: "00001a, 00001b", reason: "Meta took nothing of it and named no item"),
            .callFailed(batch: "00001", reset, attempt: 1, wait: .zero), .throttled(batch: "00001", throttle, wait: .seconds(63)),
            .called(.itemsBatch, .ok, seconds: 1.2, batch: "00001", attempt: 1, status: 200, .init(method: "POST", url: "https://graph.facebook.com/v26.0/1234567890/items_batch?locale=REDACTED")), .batchPosting(batch: "00001", items: 3000), .quotaRead(quota: "ads_management", ratio: 0.96), .quotaRead(quota: "a_new_one", ratio: 0.1), .handleAsked(batch: "00001", handle: "AcxEXAMPLEhandle01"), .handlePolled(batch: "00001", handle: "AcxEXAMPLEhandle01", status: "started"),
            .handleFinished(batch: "00001", handle: "AcxEXAMPLEhandle01", errors: 14, warnings: 2, seconds: 8.1, counts),
            .handleFailed(batch: "00001", handle: "AcxEXAMPLEhandle01", status: "error"),
            .handleTimedOut(batch: "00001", handle: "AcxEXAMPLEhandle01", seconds: 1800),
            .itemsGivenUp(batch: "00001r", items: 3000, reason: "Meta ended it without a result twice"), .itemsUnknown(items: 3000, told: 0), .itemsUnknown(items: 0, told: 3000),
            .itemRefused(
                productID: "SKU-7", file: "shoes.csv", row: 812, batch: "00001", handle: "AcxEXAMPLEhandle01",
                message: "A required field is missing: brand"),
            .runSettled(runID: "20261121T070000Z-1f09aa", state: .done, items: 3000),
            .productsCounted([.accepted: 4_870, .refused: 12, .rejected: 31], unresolved: 12), .retentionSwept(objects: 12),
        ]
    }
}
