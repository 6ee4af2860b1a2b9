/// What a run keeps a line of JSON of for each row: millions of them are written, and each is read again several times, which a general coder
/// spends most of a run's time with. An object with the names in their order (as `JSONEncoder` sorts them), without blanks, absent where there is
/// nothing to say; a name that is new to the reader is passed over.
public protocol KeptLine: Sendable {
    /// Says its fields in the order of their names.
    func write(to line: inout KeptLineWriter)
    /// Asks for them in the same order.
    init(from line: inout KeptLineReader) throws
}

/// A kept object that says something else than was written to it.
public struct KeptLineError: Error, Equatable, CustomStringConvertible {
    /// What should stand there.
    public let wanted: String
    /// In bytes, from the beginning of the line.
    public let place: Int

    public init(wanted: String, place: Int) {
        self.wanted = wanted
        self.place = place
    }

    public var description: String { "a line that was kept cannot be read: there is no \(wanted) at its byte \(place)" }
}
