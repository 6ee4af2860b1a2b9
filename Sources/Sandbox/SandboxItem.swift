/// One live item of the catalogue, as Meta would show it.
public struct SandboxItem: Sendable, Equatable {
    public let id: String
    /// The fields of all updates merged; a field that was cleared with an empty value is absent. `id` is not among them.
    public internal(set) var fields: [String: SandboxValue]
    /// How many records were applied to it, 0 for an item that was there before the first call.
    public internal(set) var timesWritten = 0
    /// The handle of the newest record applied.
    public internal(set) var handle: String?

    public init(id: String, fields: [String: SandboxValue] = [:]) {
        self.id = id
        self.fields = fields
    }

    /// The text of a field, nil if it is absent or not a text.
    public subscript(name: String) -> String? { fields[name]?.text }
}
