public import Events

/// Rows of one file that say of their subjects what was sent before already: nothing is sent, but from then on the subject's newest word stands
/// here, so that a row that comes late from in between does not win. A line of `rows/unchanged.ndjson.gz`; in columns, since a full export has
/// hundreds of thousands of them.
public struct UnchangedRows: Sendable, Equatable {
    public var file: String
    public var fileTime: Timestamp
    public var subjects: [String]
    /// Physical line of each row.
    public var rows: [Int]
    /// Empty where no row has one.
    public var versions: [String]

    public init(file: String, fileTime: Timestamp) {
        self.file = file
        self.fileTime = fileTime
        subjects = []
        rows = []
        versions = []
    }

    public var count: Int { subjects.count }

    public mutating func append(_ subject: String, row: Int, version: String?) {
        if let version {
            versions += Array(repeating: "", count: subjects.count - versions.count)
            versions.append(version)
        } else if !versions.isEmpty {
            versions.append("")
        }
        subjects.append(subject)
        rows.append(row)
    }

    func version(_ index: Int) -> String? {
        guard versions.indices.contains(index), !versions[index].isEmpty else { return nil }
        return versions[index]
    }
}

extension UnchangedRows: KeptLine {
    public func write(to line: inout KeptLineWriter) {
        line.field("file", file)
        line.field("file_time", fileTime)
        line.field("product_ids", subjects)
        line.field("rows", rows)
        line.field("versions", versions)
    }

    public init(from line: inout KeptLineReader) throws {
        file = try line.text("file")
        fileTime = try line.time("file_time")
        subjects = try line.texts("product_ids")
        rows = try line.indices("rows")
        versions = try line.texts("versions")
    }
}
