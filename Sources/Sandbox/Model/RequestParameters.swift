/// The parameters of a call: those of the query, overridden by those of the body in whichever of the four encodings it came.
struct RequestParameters {
    private var values: [String: SandboxValue]
    /// Names that were in the query.
    let queryNames: Set<String>

    init(_ request: SandboxRequest, byteLimit: Int) throws(MetaError) {
        guard request.bodyBytes <= byteLimit else { throw .tooLarge }
        queryNames = Set(request.query.keys)
        values = request.query.mapValues { .string($0) }
        guard request.method == "POST", !request.body.isEmpty else { return }
        // Whether Meta inflates request bodies is not known, so a client must not count on it.
        guard request.contentEncoding == nil else { throw .invalidParameter("Content-Encoding is not supported.") }
        values.merge(try Self.body(request)) { _, inBody in inBody }
    }

    subscript(name: String) -> SandboxValue? { values[name] }

    /// A text or a number as text.
    func text(_ name: String) -> String? {
        switch values[name] {
        case .string(let text), .number(let text): text
        default: nil
        }
    }

    private static func body(_ request: SandboxRequest) throws(MetaError) -> [String: SandboxValue] {
        let type = request.contentType ?? ""
        switch type.prefix(while: { $0 != ";" }).lowercased() {
        case "application/json":
            guard case .object(let members) = try json(request.body) else { throw .invalidParameter("The body must be a JSON object.") }
            return Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
        case "application/x-www-form-urlencoded":
            return FormBody.fields(of: request.body).mapValues { .string($0) }
        case "multipart/form-data":
            guard let boundary = MultipartBody.parameter("boundary", of: type),
                let fields = MultipartBody.fields(of: request.body, boundary: boundary)
            else { throw .invalidParameter("The multipart body could not be read.") }
            return fields.mapValues { .string($0) }
        default: throw .invalidParameter("Unsupported Content-Type: \"\(type)\".")
        }
    }

    static func json(_ bytes: [UInt8]) throws(MetaError) -> SandboxValue {
        do {
            return try JSONReader.read(bytes)
        } catch {
            throw .invalidParameter("The JSON could not be parsed at byte \(error.offset): \(error.reason).")
        }
    }
}
