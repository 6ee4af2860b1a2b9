/// What the first line of a file says.
public struct Header: Sendable, Equatable {
    /// The names as written, trimmed.
    public let names: [String]
    /// Where each of our columns is, 0-based. From `names.count` on: made by a template.
    public let positions: [Column: Int]
    /// Columns that the settings make of others; the first is at `names.count`.
    let templates: [ReadyTemplate]
    /// Columns `image[0].url`, `image[0].tag[0]`, …: pictures in Meta's own form. `image_link` is then the first of them.
    let pictures: [PictureColumns]
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

    static let none = Header(names: [], positions: [:], templates: [], pictures: [], versionPosition: nil, unknown: [], delimiter: UInt8(ascii: ","), dataOffset: 0, dataLine: 2)

    init(
        names: [String], positions: [Column: Int], templates: [ReadyTemplate], pictures: [PictureColumns], versionPosition: Int?, unknown: [String],
        delimiter: UInt8, dataOffset: Int, dataLine: Int
    ) {
        self.names = names
        self.positions = positions
        self.templates = templates
        self.pictures = pictures
        self.versionPosition = versionPosition
        self.unknown = unknown
        self.delimiter = delimiter
        self.dataOffset = dataOffset
        self.dataLine = dataLine
    }
}

/// The columns of one picture.
struct PictureColumns: Sendable, Equatable {
    let url: Int
    let tags: [Int]

    /// Meta takes up to 21.
    static let limit = 21

    /// All pictures of a header, in their order, up to the first gap.
    static func find(in names: [String]) -> [PictureColumns] {
        let folded = names.map { $0.lowercased() }
        var found: [PictureColumns] = []
        while found.count < limit, let url = folded.firstIndex(of: "image[\(found.count)].url") {
            let tagStart = "image[\(found.count)].tag["
            found.append(PictureColumns(url: url, tags: folded.indices.filter { folded[$0].hasPrefix(tagStart) }))
        }
        return found
    }
}
