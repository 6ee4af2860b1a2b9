import Engine
import Feed

/// Rules B01 to B04: what a batch of ours always is. Measured on the batch itself, just before it is stored; a break is a defect of Vitrine
/// and stops the run before anything wrong is sent.
enum BatchInvariants {
    /// Requests in one call (Meta, items_batch).
    static let mostItems = 5000
    /// Bytes of one call (Meta, items_batch); what the body holds around the requests fits beside it.
    static let mostBytes = 28_000_000 - 4096

    /// The rule, and what is wrong.
    static func broken(by batch: BatchShelf.Batch) -> (rule: RuleID, detail: String)? {
        if batch.items.count > mostItems { return (.b01, "\(batch.items.count) items in one batch") }
        if batch.requests.count > mostBytes { return (.b02, "\(batch.requests.count) bytes in one batch") }
        // By their bytes, as ids are compared: `String` would take two spellings of one letter for the same.
        var seen = Set<[UInt8]>(minimumCapacity: batch.items.count)
        for item in batch.items {
            if !seen.insert(Array(item.id.utf8)).inserted { return (.b03, "the id \(item.id) twice in one batch") }
            let opening = batch.requests[item.offset..<min(item.offset + BatchBuilder.opening.count, batch.requests.count)]
            if !opening.elementsEqual(BatchBuilder.opening) { return (.b04, "the request of \(item.id) is no UPDATE") }
        }
        return nil
    }
}

extension RunStop {
    static func brokenInvariant(_ broken: (rule: RuleID, detail: String)) -> RunStop {
        RunStop(
            .internalError, reason: "invariant", culprit: "rule \(broken.rule.rawValue)", detail: broken.detail,
            remedy: "This is a defect: nothing of this batch was sent. Keep the run folder and report it.")
    }
}
