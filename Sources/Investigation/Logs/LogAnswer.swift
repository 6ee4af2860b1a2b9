public import Events

/// The answer to a `LogQuery`.
public struct LogAnswer: Sendable, Equatable {
    /// Lines that match, told or not.
    public var matched = 0
    /// Lines that are no object of JSON, among those that were looked at: of lines that cannot match for want of a word nobody knows.
    public var unreadable = 0
    /// Oldest first: the newest of those that match.
    public var lines: [Line] = []
    public var groups: [Group] = []
    /// Groups besides those told, summed up.
    public var otherGroups = Others()
    /// A count told is too low by this at most: there were more groups than are kept at once.
    public var mostMissing = 0
    public var files: [File] = []
    public var problems: [LogProblem] = []
    /// Files that could not be opened; each is among the problems.
    public var unopened = 0
    /// There are more lines, or groups, than are told.
    public var isCut = false

    public init() {}

    public struct Line: Sendable, Equatable {
        public var time: Timestamp?
        /// Place in `files`.
        public var file: Int
        /// Bytes from the beginning of the file, unpacked.
        public var offset: Int
        /// JSON, without a line end.
        public var bytes: [UInt8]
        /// Lines before and behind it in its file, whatever they are.
        public var before: [[UInt8]] = []
        public var after: [[UInt8]] = []
    }

    public struct Group: Sendable, Equatable {
        /// The begin of its span of time; nil without a bucket, and for lines without a time.
        public var bucket: Timestamp?
        /// Of the grouping's fields, in their order; nil where a line has none.
        public var values: [String?]
        public var count: Int
        public var first: Timestamp?
        public var last: Timestamp?
    }

    public struct Others: Sendable, Equatable, Codable {
        public var groups = 0
        public var lines = 0
    }

    public struct File: Sendable, Equatable, Codable {
        public var name: String
        /// As it lies there.
        public var bytes: Int
        /// The rest lies outside of the span of time that was asked for.
        public var searchedBytes: Int

        enum CodingKeys: String, CodingKey {
            case name, bytes
            case searchedBytes = "searched_bytes"
        }
    }
}
