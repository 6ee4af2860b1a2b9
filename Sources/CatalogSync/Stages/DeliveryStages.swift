import Engine

extension SyncRun {
    /// Posts every batch and writes down what Meta said at once.
    func send() async throws { try await courier.postAll() }

    /// Follows every handle to a verdict for each item, or to its deadline.
    func checkHandles() async throws { try await courier.judgeAll() }
}
