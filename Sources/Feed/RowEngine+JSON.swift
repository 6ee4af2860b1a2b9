internal import CFeedKernels

/// Writing of the item. `Workspace.makeRoom` has provided for the worst case, so nothing is checked here.
extension RowEngine {
    @inline(__always)
    mutating func put(_ literal: StaticString) {
        json.update(from: literal.utf8Start, count: literal.utf8CodeUnitCount)
        json += literal.utf8CodeUnitCount
    }

    @inline(__always)
    mutating func putRaw(_ text: Text) {
        json.update(from: text.base, count: text.count)
        json += text.count
    }

    /// The inside of a string and its closing quote.
    @inline(__always)
    mutating func putString(_ text: Text, _ mask: UInt32) {
        if mask & UInt32(VF_ESCAPE | VF_CONTROL | VF_BREAK) == 0 {
            json.update(from: text.base, count: text.count)
            json += text.count
        } else {
            json += vf_json_escape(json, text.base, text.count)
        }
        json.pointee = UInt8(ascii: "\"")
        json += 1
    }

    @inline(__always)
    mutating func putByte(_ byte: UInt8) {
        json.pointee = byte
        json += 1
    }

    /// Not an overload of `put`: a literal would choose it.
    mutating func putText(_ string: String) {
        for byte in string.utf8 { putByte(byte) }
    }
}
