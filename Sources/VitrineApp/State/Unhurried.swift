import Engine

/// What is to be kept although its process was told to stop.
enum Unhurried {
    /// So long work goes on after the caller was told to stop. A bucket that does not answer by then holds nobody up.
    static let grace = Duration.seconds(3)

    /// In a task of its own, waited for.
    /// - Throws: what `work` throws, also where it was cut short after `grace`.
    static func work<Value: Sendable>(
        grace: Duration = grace, wait: @escaping @Sendable (Duration) async throws -> Void = World.real.sleep,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await work() }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            // Ends by itself; what is done by then is not harmed by it.
            Task {
                try? await wait(grace)
                task.cancel()
            }
        }
    }
}
