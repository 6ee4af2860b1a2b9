/// What the status edge knows of one handle. Pure: a poll in, an answer out.
struct HandleRecord: Sendable, Equatable {
    struct Remark: Sendable, Equatable {
        var line: Int
        var id: String
        var message: String
        /// Meta's sample shows missing required fields among the warnings, although they count as errors and block the item.
        var isMissingField = false
    }

    let handle: String
    /// A kind of `FaultKind.ofHandles`, else nil.
    var fault: FaultKind?
    var errors: [Remark] = []
    var warnings: [Remark] = []
    /// Whether missing fields are listed among the warnings, and whether lines count from 0 or from 1: Meta's samples show both.
    var listsMissingFieldsAsWarnings = false
    var firstLine = 0
    private(set) var polls = 0

    init(handle: String) { self.handle = handle }

    mutating func poll(delay: Int, sampleSize: Int, loadsIDs: Bool) -> SandboxValue {
        polls += 1
        let word = word(delay: delay)
        guard word == "finished" else { return answer(word, errors: [], warnings: [], counts: (0, 0), ids: []) }
        let hides = fault == .hiddenIDs
        let missing = listsMissingFieldsAsWarnings ? errors.filter(\.isMissingField) : []
        let listed = listsMissingFieldsAsWarnings ? errors.filter { !$0.isMissingField } : errors
        return answer(
            word, errors: listed.prefix(sampleSize).map { entry($0, namesItem: !hides) },
            warnings: (missing + warnings).prefix(sampleSize).map { entry($0, namesItem: !hides) },
            counts: (errors.count, warnings.count), ids: loadsIDs && !hides ? errors.map(\.id) : [])
    }

    private func word(delay: Int) -> String {
        if fault == .neverFinishes { return polls == 1 ? "scheduled" : "started" }
        if fault == .unknownStatus, polls <= max(1, delay) { return "in_progress" }
        if polls > delay {
            switch fault {
            case .handleError: return "error"
            case .handleCanceled: return "canceled"
            default: return "finished"
            }
        }
        return polls == delay ? "started" : polls == 1 ? "scheduled" : "dispatched"
    }

    private func entry(_ remark: Remark, namesItem: Bool) -> SandboxValue {
        guard namesItem else { return .object(("message", .string("An item could not be processed"))) }
        return .object(("line", .count(remark.line + firstLine)), ("id", .string(remark.id)), ("message", .string(remark.message)))
    }

    private func answer(
        _ word: String, errors: [SandboxValue], warnings: [SandboxValue], counts: (errors: Int, warnings: Int), ids: [String]
    ) -> SandboxValue {
        .object(
            ("handle", .string(handle)), ("status", .string(word)), ("errors", .array(errors)), ("errors_total_count", .count(counts.errors)),
            ("warnings", .array(warnings)), ("warnings_total_count", .count(counts.warnings)),
            ("ids_of_invalid_requests", .array(ids.map { .string($0) })))
    }
}
