import Feed

/// A rule's name for people, from its id in a stored report; an id of another version stays as it is.
enum RuleText {
    static func title(of rule: String) -> String { RuleID(rawValue: rule)?.title ?? rule }

    static func hint(of rule: String) -> String? { RuleID(rawValue: rule)?.hint }
}
