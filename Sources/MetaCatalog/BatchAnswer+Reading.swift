extension BatchAnswer {
    /// Throws what is wrong with the answer, in plain words.
    init(_ answer: JSONValue) throws(AnswerShapeError) {
        guard case .object = answer else { throw AnswerShapeError("the answer is no object") }
        let handles = answer["handles"]
        let verdicts = answer["validation_status"]
        // Taking it for "nothing ingested, nothing to say" would refuse items of which we know nothing.
        guard handles != nil || verdicts != nil else { throw AnswerShapeError("the answer has neither `handles` nor `validation_status`") }
        let receipts = try Self.list(handles, "handles").compactMap(\.filledText)
        guard receipts.count <= 1 else { throw AnswerShapeError("the answer has \(receipts.count) handles, where one is promised") }
        handle = receipts.first
        self.verdicts = try Self.list(verdicts, "validation_status").map { entry in
            InlineVerdict(
                retailerID: entry["retailer_id"]?.filledText, errors: Self.messages(entry["errors"]), warnings: Self.messages(entry["warnings"]))
        }
    }

    private static func list(_ value: JSONValue?, _ name: String) throws(AnswerShapeError) -> [JSONValue] {
        switch value {
        case nil, .null?: return []
        case .array(let values)?: return values
        default: throw AnswerShapeError("`\(name)` is no list")
        }
    }

    private static func messages(_ value: JSONValue?) -> [String] {
        (value?.array ?? []).map { $0["message"]?.text ?? $0.text ?? "no message" }
    }
}

/// An answer that is not of the promised shape.
struct AnswerShapeError: Error {
    let what: String
    init(_ what: String) { self.what = what }
}
