import Glibc

/// Owns the C structures, lists and texts of a tree of messages. They are initialized when they are handed out, stay where they are, and go when the
/// arena goes or is emptied. Cut from blocks, so that a message costs no call of the allocator.
struct Arena: ~Copyable {
    private var blocks: [Block] = []
    /// The block that is cut from; those behind it are empty.
    private var current = 0
    private var used = 0

    private struct Block {
        let start: UnsafeMutableRawPointer
        let size: Int
    }

    private static let smallestBlock = 16 << 10
    /// Of every type of C.
    private static let alignment = 16

    deinit { for block in blocks { free(block.start) } }

    /// Everything that was handed out is gone; the room is kept for what comes next.
    mutating func empty() {
        current = 0
        used = 0
    }

    /// A message, as its generated initializer leaves it.
    mutating func make<Message>(_: Message.Type, _ initialize: (UnsafeMutablePointer<Message>?) -> Void) -> UnsafeMutablePointer<Message> {
        let message = allocate(MemoryLayout<Message>.stride).bindMemory(to: Message.self, capacity: 1)
        initialize(message)
        return message
    }

    /// A list of messages, as a repeated field holds it.
    mutating func list<Message>(_ messages: [UnsafeMutablePointer<Message>?]) -> UnsafeMutablePointer<UnsafeMutablePointer<Message>?> { numbers(messages) }

    /// A list of plain values, as a repeated field of numbers holds it.
    mutating func numbers<Number>(_ numbers: [Number]) -> UnsafeMutablePointer<Number> {
        let list = room(for: numbers.count, Number.self)
        for (place, number) in numbers.enumerated() { (list + place).initialize(to: number) }
        return list
    }

    /// For a list that is written by whoever asks; not initialized.
    mutating func room<Number>(for count: Int, _: Number.Type) -> UnsafeMutablePointer<Number> {
        allocate(max(1, count) * MemoryLayout<Number>.stride).bindMemory(to: Number.self, capacity: max(1, count))
    }

    /// Ends with a zero, as C wants it; a zero inside of the text would end it early, and none of our names has one.
    mutating func text(_ text: String) -> UnsafeMutablePointer<CChar> { numbers(Array(text.utf8CString)) }

    private mutating func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        let size = (size + Self.alignment - 1) & ~(Self.alignment - 1)
        while current < blocks.count, used + size > blocks[current].size {
            current += 1
            used = 0
        }
        if current == blocks.count {
            let room = max(size, Self.smallestBlock)
            guard let start = malloc(room) else { preconditionFailure("no memory for \(room) bytes") }
            blocks.append(Block(start: start, size: room))
        }
        defer { used += size }
        return blocks[current].start + used
    }
}
