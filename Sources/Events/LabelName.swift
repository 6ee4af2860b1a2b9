/// The closed list of metric labels. A product id, a file name, a handle or a raw text is never a label.
public enum LabelName: String, Sendable, CaseIterable {
    case pipeline, stage, state, outcome, rule, severity, level, sink, quota, api, channel, version
}

public struct LabelValue: Sendable, Hashable {
    public let name: LabelName
    public let value: String

    public init(_ name: LabelName, _ value: String) {
        self.name = name
        self.value = value
    }
}
