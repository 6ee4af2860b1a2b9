import Foundation

/// Work that blocks, on a thread of its own. The tests share as many threads as the machine has cores, and so do the servers under test: whoever
/// blocks two of them stops everybody.
public func aside<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { waiting in
        Thread { waiting.resume(with: Result { try work() }) }.start()
    }
}
