import CFeedKernels

/// Takes one line apart as far as a question is about it: finds fields by name, without an allocation a line. Owned by one task at a time.
final class LogLineReader {
    /// A field a question is about, under the first of its names that a line has.
    struct Slot: Equatable {
        var names: [[UInt8]]

        init(_ names: String...) { self.names = names.map { Array($0.utf8) } }
    }

    /// The names of all slots, one behind the other.
    private let wanted: UnsafeMutableBufferPointer<vf_wanted>
    private let names: UnsafeMutableBufferPointer<UInt8>
    /// Where the names of a slot begin; one more at the end.
    private let begins: UnsafeMutablePointer<Int>
    private var line = LogBytes(start: nil, count: 0)
    private let scratch = LogScratch()

    init(slots: [Slot]) {
        let all = slots.flatMap(\.names)
        names = .allocate(capacity: max(1, all.reduce(0) { $0 + $1.count }))
        _ = names.initialize(from: all.joined())
        wanted = .allocate(capacity: all.count)
        let places = slots.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.names.count) }
        // No arrays: what is counted by reference costs as much as a field.
        begins = .allocate(capacity: places.count)
        begins.initialize(from: places, count: places.count)
        let firsts = Set(places)
        var next = names.baseAddress
        for (place, name) in all.enumerated() {
            (wanted.baseAddress! + place).initialize(to: vf_wanted(name: next, length: UInt32(name.count), is_first: firsts.contains(place), member: vf_member()))
            next = next.map { $0 + name.count }
        }
    }

    deinit {
        wanted.deallocate()
        names.deallocate()
        begins.deallocate()
    }

    /// False for what is no object of JSON. The bytes must be padded for the kernels.
    func read(_ line: LogBytes) -> Bool {
        guard let base = line.baseAddress else { return false }
        self.line = line
        return vf_pick(base, line.count, wanted.baseAddress, UInt32(wanted.count)).status == UInt32(VF_LINE_OK)
    }

    /// The value of a slot; nil where the line has none, or null.
    func value(_ slot: Int) -> LogValue? {
        var place = begins[slot]
        while place < begins[slot + 1] {
            let member = wanted[place].member
            if Int(member.kind) == Int(VF_STRING), !member.value_escaped { return LogValue(kind: .text, bytes: line.part(Int(member.value), Int(member.value_length))) }
            if member.kind != 0 { return LogValue(member, of: line, scratch) }
            place += 1
        }
        return nil
    }
}

/// All members of lines, to be shown.
enum LogMembers {
    /// Members of one line that are told; further ones are passed over.
    static let most = 256

    /// In their order; nothing for what is no object of JSON. The bytes must be padded for the kernels.
    static func forEach(of line: LogBytes, _ body: (_ name: String, _ value: LogValue?) -> Void) {
        guard let base = line.baseAddress else { return }
        let scratch = LogScratch()
        withUnsafeTemporaryAllocation(of: vf_member.self, capacity: most) { members in
            let result = vf_read_line(base, line.count, members.baseAddress, UInt32(most))
            guard result.status == UInt32(VF_LINE_OK) else { return }
            for member in members.prefix(Int(result.members)) {
                let name = line.part(Int(member.key), Int(member.key_length))
                body((member.key_escaped ? scratch.unescaped(name) : name).text, LogValue(member, of: line, scratch))
            }
        }
    }
}

/// Room for one text without its escapes. Owned by one task at a time.
final class LogScratch {
    private var bytes: UnsafeMutablePointer<UInt8>
    private var room = 4096

    init() { bytes = .allocate(capacity: room) }

    deinit { bytes.deallocate() }

    /// Good until the next text is unescaped.
    func unescaped(_ raw: LogBytes) -> LogBytes {
        guard let base = raw.baseAddress else { return raw }
        if room < raw.count {
            bytes.deallocate()
            room = raw.count * 2
            bytes = .allocate(capacity: room)
        }
        return LogBytes(start: bytes, count: vf_json_unescape(bytes, base, raw.count))
    }
}

/// A value of a line; its bytes are good until the next value of the line is asked for.
struct LogValue {
    enum Kind { case text, number, flag, nested }

    let kind: Kind
    /// As it is meant (text) or as it is written (everything else).
    let bytes: LogBytes

    init(kind: Kind, bytes: LogBytes) {
        self.kind = kind
        self.bytes = bytes
    }

    /// Nil for null.
    init?(_ member: vf_member, of line: LogBytes, _ scratch: LogScratch) {
        let raw = line.part(Int(member.value), Int(member.value_length))
        switch Int(member.kind) {
        case Int(VF_NULL): return nil
        case Int(VF_STRING): self.init(kind: .text, bytes: member.value_escaped ? scratch.unescaped(raw) : raw)
        case Int(VF_NUMBER): self.init(kind: .number, bytes: raw)
        case Int(VF_NESTED): self.init(kind: .nested, bytes: raw)
        default: self.init(kind: .flag, bytes: raw)
        }
    }

    /// Nil for what is no number, also for a text that looks like one.
    var number: Double? { kind == .number ? LogNumber.read(bytes) : nil }
}
