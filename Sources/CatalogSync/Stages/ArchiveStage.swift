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
        for file in validation.files where record.archived[file.name] == nil {
            guard let claim = record.files?.first(where: { $0.name == file.name }) else { continue }
            if let refusal = file.refusal {
                try await moveRefused(claim, refusal)
            } else if validation.stop == nil {
                if file.rejected > 0 { try await publishRejected(file.name) }
                try await moveFinished(claim)
            }
        }
        if validation.stop == nil { try await removeResendRequests() }
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
        let outcome = try await moveOutcome(claim, to: place)
        try await log.append(.archived(claim.name, asRefused && outcome != .lost ? .refused : outcome))
        reporter.report(SyncEvent.fileArchived(file: claim.name, outcome: asRefused ? "refused" : outcome.rawValue))
    }

    /// The pin of this process, or a new one where the claimed version is still there.
    private func moveOutcome(_ claim: ClaimedFile, to place: String) async throws -> ArchiveOutcome {
        // Not where the source is there too: a crash between a bucket's copy and its delete leaves both, and moving again ends it.
        if let there = try await landing.info(place), there.revision == claim.object.revision,
            try await landing.info(claim.object.key)?.revision != claim.object.revision
        { return .archived }
        guard let pinned = try await pin(of: claim) else {
            // A copy that was made just before a crash is as good.
            return try await landing.exists(place) ? .archivedSourceChanged : .lost
        }
        do {
            switch try await landing.move(claim.object.key, pinned: pinned, to: place) {
            case .moved: return .archived
            case .copiedSourceChanged: return .archivedSourceChanged
            case .copiedSourceGone: return .archivedSourceGone
            }
        } catch {
            if error.reason == .changed { return .lost }
            throw error
        }
    }

    private func pin(of claim: ClaimedFile) async throws -> (any PinnedObject)? {
        if let held = memo.feedIndex?.feeds.first(where: { $0.claim == claim })?.pinned { return held }
        let pinned = try await landing.pinIfThere(claim.object.key)
        return pinned?.info.revision == claim.object.revision ? pinned : nil
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
