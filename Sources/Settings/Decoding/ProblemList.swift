/// Collects what is wrong, up to `SettingsProblems.limit`.
struct ProblemList {
    let file: String
    private(set) var errors: [SettingsError] = []
    private var isCut = false

    init(file: String) { self.file = file }

    mutating func add(line: Int, key: String, _ message: String, _ remedy: String) {
        guard errors.count < SettingsProblems.limit else {
            isCut = true
            return
        }
        errors.append(SettingsError(file: file, line: line, key: key, message: message, remedy: remedy))
    }

    mutating func add(line: Int, key: String, _ fault: SettingFault) { add(line: line, key: key, fault.message, fault.remedy) }

    /// Throws what was collected, if anything was.
    func check() throws(SettingsProblems) {
        guard !errors.isEmpty else { return }
        // Checks across keys come after all keys were read; people mend a file from the top.
        let sorted = errors.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
        throw SettingsProblems(errors: sorted, isCut: isCut)
    }
}
