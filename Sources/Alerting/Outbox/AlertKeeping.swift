/// Where the folder of the alerts is one of several: brings it up to date before a change, and the change to all before it counts.
public protocol AlertKeeping: Sendable {
    /// - Parameter change: short, and done again where another process was quicker.
    func keeping<Value: Sendable>(_ change: @escaping @Sendable () throws(AlertStoreError) -> Value) async throws(AlertStoreError) -> Value
}

/// The folder is all there is: its own lock is enough.
public struct KeptAtOnce: AlertKeeping {
    public init() {}

    public func keeping<Value: Sendable>(_ change: @escaping @Sendable () throws(AlertStoreError) -> Value) async throws(AlertStoreError) -> Value {
        try change()
    }
}
