extension HandleStatus {
    /// Throws what is wrong with the answer, in plain words. An unknown state is no fault: it is not final.
    init(_ answer: JSONValue) throws(AnswerShapeError) {
        guard let data = answer["data"]?.array else { throw AnswerShapeError("the answer has no list `data`") }
        guard let status = data.first else { throw AnswerShapeError("`data` is empty: Meta does not know the handle (any more)") }
        guard let word = status["status"]?.filledText else { throw AnswerShapeError("the answer has no `status`") }
        let errors = Self.messages(status["errors"])
        let warnings = Self.messages(status["warnings"])
        let ids = status["ids_of_invalid_requests"]?.array
        self.init(
            state: State(word: word),
            // The lists are samples of what the totals count.
            errorsTotal: max(0, status["errors_total_count"]?.integer ?? errors.count),
            warningsTotal: max(0, status["warnings_total_count"]?.integer ?? warnings.count), errors: errors, warnings: warnings,
            invalidIDs: (ids ?? []).compactMap(\.filledText), invalidIDsPresent: ids != nil)
    }

    private static func messages(_ value: JSONValue?) -> [Message] {
        (value?.array ?? []).map { entry in
            Message(line: entry["line"]?.integer, id: entry["id"]?.filledText, message: entry["message"]?.text ?? entry.text ?? "no message")
        }
    }
}
