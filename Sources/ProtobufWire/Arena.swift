import Glibc

/// Owns the C structures, lists and texts of a tree of messages. They are zero or initialized when they are handed out, stay where they are,
/// and go when the arena goes.
struct Arena: ~Copyable {
    private var owned: [UnsafeMutableRawPointer] = []

    deinit { for pointer in owned { free(pointer) } }

    /// A message, as its generated initializer leaves it.
    mutating func make<Message>(_: Message.Type, _ initialize: (UnsafeMutablePointer<Message>?) -> Void) -> UnsafeMutablePointer<Message> {
        let message = allocate(MemoryLayout<Message>.stride).bindMemory(to: Message.self, capacity: 1)
        initialize(message)
        return message
    }

    /// A list of messages, as a repeated field holds it.
    mutating func list<Message>(_ messages: [UnsafeMutablePointer<Message>?]) -> UnsafeMutablePointer<UnsafeMutablePointer<Message>?> {
        let list = room(for: messages.count, Message.self)
        for (place, message) in messages.enumerated() { list[place] = message }
        return list
    }

    mutating func room<Message>(for count: Int, _: Message.Type) -> UnsafeMutablePointer<UnsafeMutablePointer<Message>?> {
        let size = max(1, count) * MemoryLayout<UnsafeMutablePointer<Message>?>.stride
        return allocate(size).bindMemory(to: UnsafeMutablePointer<Message>?.self, capacity: max(1, count))
    }

    /// A list of plain values, as a repeated field of numbers holds it.
    mutating func numbers<Number: BitwiseCopyable>(_ numbers: [Number]) -> UnsafeMutablePointer<Number> {
        let list = allocate(max(1, numbers.count) * MemoryLayout<Number>.stride).bindMemory(to: Number.self, capacity: max(1, numbers.count))
        for (place, number) in numbers.enumerated() { list[place] = number }
        return list
    }

    /// Ends with a zero, as C wants it; a zero inside of the text would end it early, and none of our names has one.
    mutating func text(_ text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = Array(text.utf8CString)
        let copy = allocate(bytes.count).bindMemory(to: CChar.self, capacity: bytes.count)
        for (place, byte) in bytes.enumerated() { copy[place] = byte }
        return copy
    }

    private mutating func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        guard let pointer = calloc(1, size) else { preconditionFailure("no memory for \(size) bytes") }
        owned.append(pointer)
        return pointer
    }
}
