/// How a run stands. The raw values are part of the contract: reports, metrics and alert rules name them.
public enum RunState: String, Sendable, Codable, CaseIterable {
    case running
    case done
    /// Something was rejected by file, refused or left unknown; everything else is done.
    case doneWithErrors = "done_with_errors"
    case validationFailed = "validation_failed"
    /// A guard wants a person.
    case held
    /// Nothing is lost; the next run resumes it.
    case failed
    case nothingToDo = "nothing_to_do"
    case planned

    /// False while the next run has to go on with it.
    public var isEnd: Bool {
        switch self {
        case .running, .failed: false
        case .done, .doneWithErrors, .validationFailed, .held, .nothingToDo, .planned: true
        }
    }
}
