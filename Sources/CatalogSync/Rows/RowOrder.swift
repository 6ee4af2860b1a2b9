import Engine
import Events

/// Which of two rows of one product is newer. Pure.
struct RowOrder: Equatable {
    /// From the version column, as a number that orders; nil without one.
    var version: UInt64?
    var fileTime: Timestamp
    var file: String
    var row: Int

    /// The version column decides where both have one; else the file's time, its name, the line. Times are compared in milliseconds, which
    /// is what the ledger keeps.
    func isOlder(than other: RowOrder) -> Bool {
        if let mine = version, let theirs = other.version, mine != theirs { return mine < theirs }
        let (mine, theirs) = (fileTime.nanoseconds / 1_000_000, other.fileTime.nanoseconds / 1_000_000)
        if mine != theirs { return mine < theirs }
        return file == other.file ? row < other.row : file < other.file
    }

    /// The row that was sent last for this product.
    init?(sent subject: Subject) {
        guard let file = subject.sentFile, let row = subject.sentRow, let time = subject.sentFileTime else { return nil }
        self.init(version: subject.sentVersion.flatMap { UInt64($0) }, fileTime: time, file: file, row: row)
    }

    /// The newest row of each of these products that the run has rejected.
    static func newestRejected(of ids: Set<String>, in receipts: [Receipt]) -> [String: RowOrder] {
        var newest: [String: RowOrder] = [:]
        for receipt in receipts where receipt.end == .rejected && ids.contains(receipt.subject) {
            let order = RowOrder(
                version: receipt.version.flatMap { UInt64($0) }, fileTime: receipt.fileTime, file: receipt.file, row: receipt.row)
            if newest[receipt.subject]?.isOlder(than: order) ?? true { newest[receipt.subject] = order }
        }
        return newest
    }

    init(version: UInt64?, fileTime: Timestamp, file: String, row: Int) {
        self.version = version
        self.fileTime = fileTime
        self.file = file
        self.row = row
    }
}

extension BatchItem {
    var order: RowOrder { RowOrder(version: version.flatMap { UInt64($0) }, fileTime: fileTime, file: file, row: row) }
}
