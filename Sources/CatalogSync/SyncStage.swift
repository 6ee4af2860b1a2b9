/// The plan of a run: its stages in their order. The raw values are the contract's.
public enum SyncStage: String, Sendable, Codable, CaseIterable {
    case settle, check, validate, transform, send
    case checkHandles = "check-handles"
    case archive, save
}
