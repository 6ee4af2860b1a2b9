/// Protobuf's wire format, read without any schema, so that what our C messages write is judged by other code.
struct ProtobufReader {
    enum Value: Equatable {
        case varint(UInt64)
        case fixed64(UInt64)
        case bytes([UInt8])
    }

    struct Malformed: Error {}

    /// Number of a field to its values, in order.
    static func fields(_ bytes: some Sequence<UInt8>) throws -> [Int: [Value]] {
        var rest = Array(bytes)[...]
        var fields: [Int: [Value]] = [:]
        while !rest.isEmpty {
            let key = try varint(&rest)
            let value: Value
            switch key & 7 {
            case 0: value = .varint(try varint(&rest))
            case 1: value = .fixed64(try take(8, &rest).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
            case 2: value = .bytes(Array(try take(Int(try varint(&rest)), &rest)))
            default: throw Malformed()
            }
            fields[Int(key >> 3), default: []].append(value)
        }
        return fields
    }

    /// Messages led by their length.
    static func delimited(_ bytes: [UInt8]) throws -> [[Int: [Value]]] {
        var rest = bytes[...]
        var messages: [[Int: [Value]]] = []
        while !rest.isEmpty { messages.append(try fields(take(Int(try varint(&rest)), &rest))) }
        return messages
    }

    private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
        guard count >= 0, rest.count >= count else { throw Malformed() }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw Malformed() }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Malformed()
    }
}

extension [Int: [ProtobufReader.Value]] {
    func text(_ field: Int) -> String? {
        guard case .bytes(let bytes)? = self[field]?.first else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    func messages(_ field: Int) throws -> [[Int: [ProtobufReader.Value]]] {
        try (self[field] ?? []).compactMap { value in
            guard case .bytes(let bytes) = value else { return nil }
            return try ProtobufReader.fields(bytes)
        }
    }

    func number(_ field: Int) -> Double? {
        switch self[field]?.first {
        case .fixed64(let bits)?: Double(bitPattern: bits)
        case .varint(let value)?: Double(value)
        case .bytes?, nil: nil
        }
    }
}
