/// The words that other rooms own and settings may use. Given by the composition root, so that this room knows none of them.
public struct SettingsVocabulary: Sendable {
    /// The ids of the validation rules.
    public var rules: Set<String>
    /// The figures of a report that an alert rule can look at, such as `items_refused`.
    public var figures: Set<String>
    /// Our names of the columns.
    public var columns: Set<String>

    /// An empty set checks nothing.
    public init(rules: Set<String> = [], figures: Set<String> = [], columns: Set<String> = []) {
        self.rules = rules
        self.figures = figures
        self.columns = columns
    }
}
