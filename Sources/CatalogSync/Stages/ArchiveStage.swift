import Engine
import Events
import Feed
import FoundationEssentials
import ObjectStore

extension SyncRun {
    /// Moves each finished file out of the landing zone, and puts the rows to be mended where a person finds them.
    func archive() async throws {
        let record = await log.record
        guard let validation = record.validation else { return }
        let goesOn = validation.stop == nil && record.transform?.hold == nil
        for file in validation.files where record.archived[file.name] == nil {
            guard let claim = record.files?.first(where: { $0.name == file.name }) else { continue }
            if let refusal = file.refusal {
                try await moveRefused(claim, refusal)
            } else if goesOn {
                if file.rejected > 0 { try await publishRejected(file.name) }
                try await moveFinished(claim)
            }
        }
        if goesOn { try await removeResendRequests() }
    }

    private func moveFinished(_ claim: ClaimedFile) async throws {
        let day = RunFolder.day(opening.startedAt)
        try await move(claim, to: "\(LandingLayout.archive)\(day)/\(opening.runID)/\(claim.name)", asRefused: false)
    }

    private func moveRefused(_ claim: ClaimedFile, _ refusal: ValidationFacts.Refusal) async throws {
        let place = "\(LandingLayout.rejected)\(opening.runID)/\(claim.name)"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let reason = RefusedFileReason(file: claim.name, runID: opening.runID, refusal: refusal)
        try await landing.put(place + ".reason.json", [UInt8](try encoder.encode(reason)), .always)
        try await move(claim, to: place, asRefused: true)
    }

    private func move(_ claim: ClaimedFile, to place: String, asRefused: Bool) async throws {
        let pinned = memo.feedIndex?.feeds.first { $0.claim == claim }?.pinned
        let outcome = try await LandingMove(landing: landing, claim: claim).outcome(to: place, pinned: pinned)
        try await log.append(.archived(claim.name, asRefused && outcome != .lost ? .refused : outcome))
        reporter.report(SyncEvent.fileArchived(file: claim.name, outcome: asRefused ? "refused" : outcome.rawValue))
    }

    private func publishRejected(_ file: String) async throws {
        let claimed = await Set((log.record.files ?? []).map(\.name))
        let draft = try await synced.get(folder.key + RowKeeper.rejectedDraft(file), limit: configuration.feed.maxFileBytes * 2)
        try await landing.put("\(LandingLayout.rejected)\(opening.runID)/\(LandingLayout.rejectedName(of: file, among: claimed))", draft, .always)
    }
}

/// `<file>.reason.json` beside a refused file.
private struct RefusedFileReason: Encodable {
    let file: String
    let runID: String
    let refusal: ValidationFacts.Refusal

    enum CodingKeys: String, CodingKey {
        case file
        case runID = "run_id"
        case rule, line, value, message, remedy
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(runID, forKey: .runID)
        try container.encode(refusal.rule, forKey: .rule)
        try container.encode(refusal.line, forKey: .line)
        try container.encode(refusal.value, forKey: .value)
        try container.encode(refusal.message, forKey: .message)
        try container.encode(refusal.remedy, forKey: .remedy)
    }
}
