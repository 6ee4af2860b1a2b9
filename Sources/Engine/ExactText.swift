/// A text as a key: equal to what has the same bytes. `String` takes `أ` for alef with a hamza above it, which are two ids.
struct ExactText: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactText, right: ExactText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}

/// Subjects by their ids, byte for byte.
public struct KnownSubjects: Sendable, Equatable {
    private var subjects: [ExactText: Subject] = [:]

    public init() {}

    public var count: Int { subjects.count }
    public var isEmpty: Bool { subjects.isEmpty }
    public subscript(id: String) -> Subject? { subjects[ExactText(id)] }

    /// In no order.
    public var all: [Subject] { Array(subjects.values) }

    mutating func add(_ subject: Subject) { subjects[ExactText(subject.id)] = subject }
}
