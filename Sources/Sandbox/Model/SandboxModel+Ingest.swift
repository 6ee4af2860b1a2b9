extension SandboxModel {
    /// The inline answer of a call, and the fate of its items. Items are applied at once; the handle only tells late.
    mutating func ingest(_ batch: BatchCall, _ call: inout SandboxCall) -> SandboxReply {
        if batch.records.contains(where: { $0.id == nil }) {
            return Self.inlineReply(handle: nil, [.object(("errors", .array([Self.message("Can not find required field id")])))])
        }
        let repeated = Self.repeatedIDs(call.items)
        var remarks = repeated.map { id in
            Self.remark(id, "errors", ["Duplicate retailer_id in batch api call - \(id)."])
        }
        if !repeated.isEmpty, configuration.duplicates == .refuseCall { return Self.inlineReply(handle: nil, remarks) }
        remarks += batch.records.compactMap { record in
            let unknown = record.fields.keys.filter { !ProductFields.isKnown($0) }.sorted()
            guard let id = record.id, !unknown.isEmpty else { return nil }
            return Self.remark(id, "warnings", unknown.map { "Unrecognised field: Item (id=\(id)) contains unrecognised field: '\($0)'" })
        }
        let handle = Self.identifier("handle", String(call.number), seed: configuration.seed, length: 40)
        call.handle = handle
        var record = HandleRecord(handle: handle)
        record.fault = call.fault.flatMap { FaultKind.ofHandles.contains($0) ? $0 : nil }
        var dice = SplitMix64(seed: configuration.seed, "answer", handle)
        record.firstLine = Int.random(in: 0...1, using: &dice)
        record.listsMissingFieldsAsWarnings = Bool.random(using: &dice)
        let refused = Set(repeated)
        let accepted = batch.records.filter { !refused.contains($0.id ?? "") }
        for entry in accepted { apply(entry, allowsUpsert: batch.allowsUpsert, isFirst: entry.line == accepted.first?.line, to: &record, &call) }
        handles[handle] = record
        return Self.inlineReply(handle: handle, remarks)
    }

    private mutating func apply(
        _ entry: BatchRecord, allowsUpsert: Bool, isFirst: Bool, to record: inout HandleRecord, _ call: inout SandboxCall
    ) {
        guard let id = entry.id, reaches(id, isFirst: isFirst, record: &record, line: entry.line) else { return }
        let verdict = ItemVerdict(entry, id: id, existing: items[id], allowsUpsert: allowsUpsert)
        let refusal = entry.method == .delete ? nil : faults.refusals.message(id: id, fields: verdict.merged, seed: configuration.seed)
        let errors = verdict.errors + (refusal.map { [ItemVerdict.Remark($0)] } ?? [])
        record.errors += errors.map { .init(line: entry.line, id: id, message: $0.message, isMissingField: $0.isMissingField) }
        record.warnings += verdict.warnings.map { .init(line: entry.line, id: id, message: $0) }
        guard errors.isEmpty else { return }
        call.applied.append(id)
        guard entry.method != .delete else { return items[id] = nil }
        var item = items[id] ?? SandboxItem(id: id)
        item.fields = verdict.merged
        item.timesWritten += 1
        item.handle = record.handle
        items[id] = item
    }

    /// Whether a record gets as far as its checks, in spite of the fault of its handle.
    private func reaches(_ id: String, isFirst: Bool, record: inout HandleRecord, line: Int) -> Bool {
        var dice = SplitMix64(seed: configuration.seed, "reach", record.handle, id)
        switch record.fault {
        case .handleError, .handleCanceled, .neverFinishes: return Bool.random(using: &dice)
        case .hiddenIDs:
            // One item at least, or there would be nothing to hide.
            guard isFirst || Int.random(in: 0..<8, using: &dice) == 0 else { return true }
            record.errors.append(.init(line: line, id: id, message: "An item could not be processed"))
            return false
        default: return true
        }
    }

    private static func repeatedIDs(_ ids: [String]) -> [String] {
        var seen: Set<String> = [], repeated: Set<String> = []
        return ids.filter { !seen.insert($0).inserted && repeated.insert($0).inserted }
    }

    private static func message(_ text: String) -> SandboxValue { .object(("message", .string(text))) }

    private static func remark(_ id: String, _ kind: String, _ messages: [String]) -> SandboxValue {
        .object(("retailer_id", .string(id)), (kind, .array(messages.map(message))))
    }

    /// Without a handle the key is absent, not empty: so it was observed.
    private static func inlineReply(handle: String?, _ remarks: [SandboxValue]) -> SandboxReply {
        .json(.object(("handles", handle.map { .array([.string($0)]) }), ("validation_status", .array(remarks))))
    }
}
