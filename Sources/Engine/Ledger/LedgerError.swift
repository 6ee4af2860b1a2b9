import GRDB

/// The ledger could not be read or written.
public struct LedgerError: Error, Sendable, CustomStringConvertible {
    public let path: String
    public let detail: String
    public let remedy: String

    init(path: String, underlying: any Error) {
        self.path = path
        if let error = underlying as? LedgerError {
            detail = error.detail
            remedy = error.remedy
        } else {
            detail = "\(underlying)"
            let isBusy = (underlying as? DatabaseError)?.resultCode == .SQLITE_BUSY
            remedy =
                isBusy
                ? "Another process has been writing to it for long: wait until it has ended, then run again."
                : "Check the disk and the rights; if the file is damaged, move it away and run 'vitrine reindex'."
        }
    }

    init(ofOtherVersion path: String) {
        self.path = path
        detail = "another version of Vitrine has written it"
        remedy = "Use that version, or move the file away and run 'vitrine reindex': everything in it is in the run folders too."
    }

    public var description: String { "\(path): \(detail). \(remedy)" }
}
