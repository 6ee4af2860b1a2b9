import Engine
import Feed

/// What becomes of a winner where it meets what is known of its product.
enum WinnerFate: Equatable {
    case send
    /// As Meta has it; or as Meta has refused it, and nothing that could change its mind has changed.
    case unchanged(isRefused: Bool)
    /// By a row that was sent before and is newer.
    case superseded(by: RowOrder)
}

/// A row that is ready to be sent.
struct Winner {
    var item: BatchItem
    /// Meta's `data` object.
    var data: [UInt8]
    var order: RowOrder
}

/// Decides what becomes of winners, for `plan` and for `transform` alike. Pure.
struct WinnerJudge {
    /// Leaves out what is unchanged.
    var skipsUnchanged: Bool
    /// Of the settings that judge and shape rows.
    var settings: String
    var maxPriceMove: Double
    var options: FeedOptions

    /// - Parameters:
    ///   - known: the product, if the ledger knows it.
    ///   - double: another product that was sent with the same title and link; asked for only where this one was never sent.
    func judge(_ winner: Winner, known: Subject?, double: Subject?) -> (fate: WinnerFate, findings: [Finding]) {
        guard let known, known.sentContent != nil else { return (.send, double.flatMap { self.double(winner, $0) }.map { [$0] } ?? []) }
        if let sent = RowOrder(sent: known), winner.order.isOlder(than: sent) {
            return (.superseded(by: sent), finding(.x07, winner, .id, "older than \(sent.file):\(sent.row)").map { [$0] } ?? [])
        }
        if skipsUnchanged, known.acceptedContent == winner.item.content { return (.unchanged(isRefused: false), []) }
        if skipsUnchanged, known.state == .refused, known.sentContent == winner.item.content, known.settings == settings {
            return (.unchanged(isRefused: true), [])
        }
        return (.send, priceMove(winner, known).map { [$0] } ?? [])
    }

    /// I10.
    private func double(_ winner: Winner, _ other: Subject) -> Finding? {
        finding(.i10, winner, .id, "as \(other.id)" + (other.sentFile.map { ", sent from \($0):\(other.sentRow ?? 0)" } ?? ""))
    }

    /// P13. Prices in two currencies are not compared.
    private func priceMove(_ winner: Winner, _ known: Subject) -> Finding? {
        guard let before = known.traits.amount, let now = winner.item.traits?.amount, let currency = known.traits.unit, before > 0,
            currency == winner.item.traits?.unit
        else { return nil }
        let move = (Double(now) - Double(before)) / Double(before)
        guard abs(move) > maxPriceMove else { return nil }
        let (old, new) = (ItemTraits.text(amount: before, currency: currency), ItemTraits.text(amount: now, currency: currency))
        return finding(.p13, winner, .price, "\(new), sent last: \(old) (\(move > 0 ? "+" : "−")\(ValidationDecision.percent(abs(move))))")
    }

    private func finding(_ rule: RuleID, _ winner: Winner, _ column: Column, _ value: String) -> Finding? {
        let severity = min(options.severity(of: rule), .warn)
        guard severity != .off else { return nil }
        return Finding(
            rule: rule, severity: severity, file: winner.item.file, row: winner.item.row, column: options.columns[column] ?? column.rawValue,
            productID: winner.item.id, value: value, hint: rule.hint)
    }
}
