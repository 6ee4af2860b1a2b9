internal import Synchronization

/// Spreads numbered pieces of work over a few tasks.
enum Crew {
    /// Results in the order of the numbers. Each task makes its own tools, so nothing is shared but the next number.
    static func run<Tools: ~Copyable, Output: Sendable>(
        _ count: Int, workers: Int, tools: @escaping @Sendable () -> Tools, work: @escaping @Sendable (inout Tools, Int) async throws -> Output
    ) async throws -> [Output] {
        let next = Counter()
        var outputs: [Output?] = Array(repeating: nil, count: count)
        try await withThrowingTaskGroup(of: [(Int, Output)].self) { group in
            for _ in 0..<max(1, min(workers, count)) {
                group.addTask {
                    var mine = tools()
                    var done: [(Int, Output)] = []
                    while true {
                        // Before a number is taken: whoever takes one does its work, since others may wait for it.
                        try Task.checkCancellation()
                        let number = next.take()
                        if number >= count { return done }
                        done.append((number, try await work(&mine, number)))
                    }
                }
            }
            for try await part in group { for (number, output) in part { outputs[number] = output } }
        }
        return outputs.compactMap { $0 }
    }

    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)

        func take() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
    }
}
