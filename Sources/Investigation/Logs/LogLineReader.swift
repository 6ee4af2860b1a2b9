import CFeedKernels

/// Takes one line apart and finds the fields that a question is about, without an allocation a line. Owned by one task at a time.
final class LogLineReader {
    /// Members of one line that are looked at; further ones are read and not found.
    static let mostMembers = 256

    /// A field a question is about, under the first of its names that a line has.
    struct Slot: Equatable {
        var names: [[UInt8]]

        init(_ names: String...) { self.names = names.map { Array($0.utf8) } }
    }

    private let members = UnsafeMutablePointer<vf_member>.allocate(capacity: LogLineReader.mostMembers)
    private let slots: [Slot]
    private let found: UnsafeMutablePointer<Int32>
    private var count = 0
    private var line = LogBytes(start: nil, count: 0)
    private var scratch: UnsafeMutablePointer<UInt8>
    private var scratchRoom = 4096

    init(slots: [Slot]) {
        self.slots = slots
        found = .allocate(capacity: max(slots.count, 1))
        scratch = .allocate(capacity: scratchRoom)
    }

    deinit {
        members.deallocate()
        found.deallocate()
        scratch.deallocate()
    }

    /// False for what is no object of JSON. The bytes must be padded for the kernels.
    func read(_ line: LogBytes) -> Bool {
        guard let base = line.baseAddress else { return false }
        let result = vf_read_line(base, line.count, members, UInt32(Self.mostMembers))
        guard result.status == UInt32(VF_LINE_OK) else { return false }
        self.line = line
        count = min(Int(result.members), Self.mostMembers)
        for slot in slots.indices { found[slot] = place(of: slots[slot]) }
        return true
    }

    /// The value of a slot; nil where the line has none, or null.
    func value(_ slot: Int) -> LogValue? { found[slot] < 0 ? nil : value(of: members[Int(found[slot])]) }

    /// All members, in their order.
    func forEach(_ body: (_ name: String, _ value: LogValue?) -> Void) {
        for place in 0..<count {
            let member = members[place]
            let name = line.part(Int(member.key), Int(member.key_length))
            body((member.key_escaped ? unescaped(name) : name).text, value(of: member))
        }
    }

    private func place(of slot: Slot) -> Int32 {
        for name in slot.names {
            for place in 0..<count where members[place].key_length == UInt32(name.count) {
                if line.part(Int(members[place].key), name.count).equals(name) { return Int32(place) }
            }
        }
        return -1
    }

    private func value(of member: vf_member) -> LogValue? {
        let raw = line.part(Int(member.value), Int(member.value_length))
        switch Int(member.kind) {
        case Int(VF_NULL): return nil
        case Int(VF_STRING): return LogValue(kind: .text, bytes: member.value_escaped ? unescaped(raw) : raw)
        case Int(VF_NUMBER): return LogValue(kind: .number, bytes: raw)
        case Int(VF_NESTED): return LogValue(kind: .nested, bytes: raw)
        default: return LogValue(kind: .flag, bytes: raw)
        }
    }

    /// Good until the next text is unescaped.
    private func unescaped(_ raw: LogBytes) -> LogBytes {
        guard let base = raw.baseAddress else { return raw }
        if scratchRoom < raw.count {
            scratch.deallocate()
            scratchRoom = raw.count * 2
            scratch = .allocate(capacity: scratchRoom)
        }
        return LogBytes(start: scratch, count: vf_json_unescape(scratch, base, raw.count))
    }
}

/// A value of a line; its bytes are good until the next value of the line is asked for.
struct LogValue {
    enum Kind { case text, number, flag, nested }

    let kind: Kind
    /// As it is meant (text) or as it is written (everything else).
    let bytes: LogBytes

    /// Nil for what is no number, also for a text that looks like one.
    var number: Double? { kind == .number ? LogNumber.read(bytes) : nil }
}
