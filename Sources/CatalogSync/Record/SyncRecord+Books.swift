public import Engine

extension SyncRecord {
    /// Counted from what each stage wrote down: rows by validate, transform and verdicts; items sent by what was counted in the bodies that were
    /// posted. The two meet nowhere but in the books.
    public var books: Books {
        var books = Books()
        guard let validation else { return books }
        // Products sent again are rows too, read from the batch objects of earlier runs.
        let again = resending?.rows ?? 0
        books.rows.read = validation.files.reduce(again) { $0 + $1.rows }
        books.rows.rejected = validation.files.reduce(0) { $0 + ($1.refusal == nil ? $1.rejected : $1.rows) }
        books.rows.superseded = validation.superseded
        if validation.stop != nil {
            books.rows.held = validation.winners + again
        } else if let transform {
            books.rows.superseded += transform.superseded
            books.rows.unchanged = transform.unchanged
            // Counted as items that were cut into batches, so that the sum proves something.
            books.rows.held = transform.hold?.items ?? 0
        } else {
            books.rows.pending = validation.winners + again
        }
        for batch in batches {
            books.rows.pending += batch.count(.pending)
            books.rows.sent += batch.sentCount
            books.items.accepted += batch.count(.accepted)
            books.items.refused += batch.count(.refused)
            books.items.unknown += batch.count(.open, .posting)
            books.items.warned += batch.warned.reduce(0) { $0 + (batch.states[$1] == .accepted ? 1 : 0) }
        }
        books.items.sent = parcels.reduce(0) { $0 + $1.travelled }
        return books
    }

    /// True while some verdict can still come.
    public var hasOpenItems: Bool { parcels.contains(where: \.isUnresolved) }
}

extension ParcelRecord {
    /// It has items in it that Meta may still say something about, and no other parcel carries them.
    var isUnresolved: Bool {
        guard !isDivided else { return false }
        switch phase {
        case .ready: return false
        case .posting, .handled: return true
        case .refusedWhole: return false
        case .ended(let ending): return ending == .timedOut
        }
    }
}
