import Engine

/// The requests that a run has taken, and what they come to. In the journal before anything else of the run builds on it.
public struct ResendFacts: Sendable, Codable, Equatable {
    /// Ids of the requests.
    public var requests: [String]
    /// Products to be sent again, each a row of the books: they are read from the batch objects of earlier runs.
    public var rows: Int
    /// Objects that hold them: `rows/again-1.ndjson.gz`, …
    public var parts: Int
    /// Products asked for that cannot be sent.
    public var skipped: Int
}

/// Why a product that was asked for is not sent again.
public enum NotResent: String, Sendable, CaseIterable {
    case rejected = "its newest row was rejected: mend that row"
    case neverSent = "it was never sent"
    case notKept = "what was sent last is no longer kept: its row has to come again"
    case notKnown = "no run has met this product id"
}

/// One product to be sent again: what was sent last, as the row that says so stands now.
struct ResendLine {
    var item: BatchItem
    /// The item's JSON object.
    var data: String
}

extension ResendLine: KeptLine {
    func write(to line: inout KeptLineWriter) {
        line.field("data", data)
        line.field("item", line: item)
    }

    init(from line: inout KeptLineReader) throws {
        data = try line.text("data")
        item = try line.line("item")
    }
}
