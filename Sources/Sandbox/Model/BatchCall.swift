/// One `items_batch` call, read strictly.
struct BatchCall {
    let records: [BatchRecord]
    /// UPDATE of an unknown id creates it.
    let allowsUpsert: Bool

    /// - Throws: code 1 with the text to reduce the amount of data above a limit, else code 100.
    init(_ request: SandboxRequest, recordLimit: Int, byteLimit: Int) throws(MetaError) {
        let parameters = try RequestParameters(request, byteLimit: byteLimit)
        guard !parameters.queryNames.contains("requests") else { throw .invalidParameter("The parameter requests must be in the body.") }
        guard let type = parameters.text("item_type") else { throw .invalidParameter("The parameter item_type is required.") }
        guard type == "PRODUCT_ITEM" else { throw .invalidParameter("Param item_type must be PRODUCT_ITEM in this sandbox, got \"\(type)\".") }
        switch parameters["allow_upsert"] {
        case nil: allowsUpsert = true
        case .bool(let flag): allowsUpsert = flag
        case .string(let text) where ["true", "1"].contains(text): allowsUpsert = true
        case .string(let text) where ["false", "0"].contains(text): allowsUpsert = false
        default: throw .invalidParameter("Param allow_upsert must be a boolean.")
        }
        records = try Self.records(parameters["requests"], limit: recordLimit)
    }

    private static func records(_ value: SandboxValue?, limit: Int) throws(MetaError) -> [BatchRecord] {
        var value = value
        if let text = value?.text { value = try RequestParameters.json(Array(text.utf8)) }
        guard let value else { throw .invalidParameter("The parameter requests is required.") }
        guard case .array(let elements) = value, !elements.isEmpty else {
            throw .invalidParameter("Param requests must be a non-empty array.")
        }
        guard elements.count <= limit else { throw .tooLarge }
        var records: [BatchRecord] = []
        records.reserveCapacity(elements.count)
        for (line, element) in elements.enumerated() { records.append(try BatchRecord(element, line: line)) }
        return records
    }
}

/// One element of `requests`.
struct BatchRecord {
    enum Method: String { case create = "CREATE", update = "UPDATE", delete = "DELETE" }

    /// Position in `requests`, 0-based.
    let line: Int
    let method: Method
    /// nil: no text in `data.id`, or the old form with `retailer_id` beside `data`.
    let id: String?
    /// `data` without its id.
    let fields: [String: SandboxValue]

    var title: String? { fields["title"]?.text }

    init(_ value: SandboxValue, line: Int) throws(MetaError) {
        guard case .object(let members) = value else { throw .invalidParameter("Param requests[\(line)] must be an object.") }
        guard let method = value["method"]?.text.flatMap(Method.init) else {
            throw .invalidParameter("Param requests[\(line)]['method'] must be one of {CREATE, UPDATE, DELETE}.")
        }
        guard case .object(let data)? = value["data"] else { throw .invalidParameter("The parameter requests[\(line)]['data'] is required.") }
        let isOldForm = value["retailer_id"] != nil
        if let stranger = members.first(where: { !["method", "data", "retailer_id"].contains($0.name) }) {
            throw .invalidParameter("Param requests[\(line)] has an unexpected key: \(stranger.name).")
        }
        self.line = line
        self.method = method
        var fields = Dictionary(data.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
        let id = fields.removeValue(forKey: "id")?.text
        self.id = isOldForm || id?.isEmpty != false ? nil : id
        self.fields = fields
    }
}
