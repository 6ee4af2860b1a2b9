/// What the first line of a file says.
public struct Header: Sendable, Equatable {
    /// The names as written, trimmed.
    public let names: [String]
    /// Where each of our columns is, 0-based.
    public let positions: [Column: Int]
    /// The version column's place.
    public let versionPosition: Int?
    /// Columns nobody knows (F05); those of Airbyte and our own are expected.
    public let unknown: [String]
    /// The delimiter that was used: the configured one, or `;` in a file that a spreadsheet saved.
    public let delimiter: UInt8
    /// Where the first data record starts.
    public let dataOffset: Int
    /// Physical line of the first data record.
    public let dataLine: Int

    static let none = Header(names: [], positions: [:], versionPosition: nil, unknown: [], delimiter: UInt8(ascii: ","), dataOffset: 0, dataLine: 2)

    init(
        names: [String], positions: [Column: Int], versionPosition: Int?, unknown: [String], delimiter: UInt8, dataOffset: Int, dataLine: Int
    ) {
        self.names = names
        self.positions = positions
        self.versionPosition = versionPosition
        self.unknown = unknown
        self.delimiter = delimiter
        self.dataOffset = dataOffset
        self.dataLine = dataLine
    }
}
