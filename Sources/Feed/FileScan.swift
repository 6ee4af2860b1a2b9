/// What the first pass found out about one file.
public struct FileScan: Sendable {
    public let name: String
    /// Set if the file is refused as a whole; then `rows` is empty and every row counts as rejected.
    public let refusal: FileRefusal?
    public let header: Header
    /// Data rows; of a refused file as far as its shape is readable. Blank lines are no rows.
    public let rowCount: Int
    /// Rows stopped by a rule, or all of a refused file.
    public let rejectedCount: Int
    public let rows: RowTable
    public let tally: FindingTally
    /// Bytes of the file.
    public let byteCount: Int
}
