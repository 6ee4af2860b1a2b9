import Engine

/// What `/healthz` and `/readyz` answer: one line for each thing that is looked at, and 503 where one of them is not well. They name no
/// path and no product, since everybody may ask.
struct Probes: Sendable {
    let heartbeats: Heartbeats
    let isDraining: @Sendable () -> Bool
    /// Whether the ledger can be read.
    let hasLedger: @Sendable () -> Bool

    /// Whether each loop was seen at work within its bound. Where not, a restart helps.
    func alive() -> PageResponse {
        let beats = heartbeats.all
        let lines = beats.map { beat in
            "\(beat.isAlive ? "ok" : "SILENT") \(beat.loop): last seen \(beat.age.components.seconds) s ago, at most \(beat.bound.components.seconds)"
        }
        return answer(isWell: beats.allSatisfy(\.isAlive), lines)
    }

    /// Whether there is any use in asking it: the settings were read, the ledger can be, and it is not on its way out.
    func ready() -> PageResponse {
        let hasLedger = hasLedger()
        let isDraining = isDraining()
        return answer(
            isWell: hasLedger && !isDraining,
            ["ok settings", hasLedger ? "ok ledger" : "UNREADABLE ledger", isDraining ? "STOPPING schedule" : "ok schedule"])
    }

    private func answer(isWell: Bool, _ lines: [String]) -> PageResponse {
        PageResponse(
            status: isWell ? 200 : 503, contentType: "text/plain; charset=utf-8",
            body: Array((lines.joined(separator: "\n") + "\n").utf8))
    }
}
