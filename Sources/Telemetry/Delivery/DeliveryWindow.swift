import AWS
import Transport

/// A bound around work that speaks to others: a run must not wait for its telemetry.
enum DeliveryWindow {
    /// Runs `body`, and cancels it when the time is over. Returns when `body` has ended, which a cancelled transfer does at once.
    static func run(
        within bound: Duration, waiting wait: @escaping @Sendable (Duration) async throws -> Void, _ body: @escaping @Sendable () async -> Void
    ) async {
        await withTaskGroup { group in
            group.addTask { await body() }
            group.addTask { try? await wait(bound) }
            await group.next()
            group.cancelAll()
        }
    }
}

/// One delivery at a time.
actor DeliveryTurn {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
        if !isTaken {
            isTaken = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func give() {
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
    }
}

extension AWSError {
    /// Whether the same delivery may succeed later, and has not counted already.
    var mayBeDeliveredLater: Bool {
        switch reason {
        case .throttled, .service, .expired, .conflict, .cancelled: !mayHaveArrived
        case .transport(let reason): reason.isTransient && !mayHaveArrived
        case .noCredentials, .badCredentials, .noRegion, .badConfiguration, .denied, .notFound, .preconditionFailed, .refused, .malformedAnswer: false
        }
    }
}
