internal import CFeedKernels

extension RowEngine {
    /// I01–I05, F13. The id is never changed, not even trimmed.
    /// - Returns: what classes of bytes it has.
    mutating func judgeID() -> UInt32 {
        let text = raw(position(.id))
        id = text
        let classes = text.classes
        if text.isMissing || text.trimmed.isEmpty {
            report(.i01, .id, text)
            lacking = .id
            return classes.mask
        }
        if classes.scalars > 50 {
            report(.i03, .id, text)
            if classes.scalars > 100 { report(.i02, .id, text) }
        }
        if classes.mask & UInt32(VF_CONTROL | VF_BREAK) != 0 || text.trimmed.count != text.count { report(.i04, .id, text) }
        if text[0].isDigit, classes.lower == 0, classes.upper <= 1, text.count <= 32, SpreadsheetDamage.isSeen(in: text) { report(.i05, .id, text) }
        if classes.mask & UInt32(VF_DIGIT) == 0, text.count <= 64 { judgeRepeatedHeader(text) }
        return classes.mask
    }

    /// F13: the header once more, or a line of totals.
    @inline(never)
    private mutating func judgeRepeatedHeader(_ text: Text) {
        let place = position(.title)
        let title = raw(place).trimmed
        let isTotal = title.isMissing && ["total", "totals", "sum", "grand total", "المجموع", "کۆی گشتی"].contains(text.string.lowercased())
        if isTotal || (text.string == plan.headerID && title.string == plan.headerTitle) { report(.f13, .id, text) }
    }

    mutating func judgeVersion() {
        guard plan.versionPosition >= 0 else { return }
        let text = raw(plan.versionPosition).trimmed
        if let key = VersionKey.read(text) {
            version = key
        } else {
            report(.i11, column: plan.versionName, value: text.string)
        }
    }
}
