/// `multipart/form-data` (RFC 7578) into its fields: the form of Meta's own curl sample. File parts are read like fields.
enum MultipartBody {
    /// - Returns: nil if the body does not follow its boundary to the closing mark.
    static func fields(of bytes: [UInt8], boundary: String) -> [String: String]? {
        let mark = Array("--\(boundary)".utf8)
        var fields: [String: String] = [:]
        guard var at = find(mark, in: bytes, from: 0) else { return nil }
        while true {
            at += mark.count
            if bytes[at...].starts(with: Array("--".utf8)) { return fields }
            guard let head = find(Array("\r\n\r\n".utf8), in: bytes, from: at),
                let end = find(Array("\r\n".utf8) + mark, in: bytes, from: head)
            else { return nil }
            let headers = String(decoding: bytes[at..<head], as: UTF8.self)
            guard let name = parameter("name", of: headers) else { return nil }
            fields[name] = String(decoding: bytes[min(head + 4, end)..<end], as: UTF8.self)
            at = end + 2
        }
    }

    /// A quoted or plain parameter of a header: `name="requests"`, `boundary=x`.
    static func parameter(_ name: String, of header: String) -> String? {
        for part in header.split(whereSeparator: { $0 == ";" || $0.isNewline }) {
            let trimmed = part.drop { $0 == " " }
            guard trimmed.hasPrefix(name + "=") else { continue }
            return String(trimmed.dropFirst(name.count + 1).filter { $0 != "\"" })
        }
        return nil
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= needle.count, let first = needle.first else { return nil }
        var at = start
        while at <= bytes.count - needle.count {
            if bytes[at] == first, bytes[at..<at + needle.count].elementsEqual(needle) { return at }
            at += 1
        }
        return nil
    }
}
