public import Engine
import Events
import FoundationEssentials
import ObjectStore

extension CatalogSync {
    /// A person's word that a held run was right: the next run judges its files and those that came since together, and passes what this one was
    /// held for. Saying it twice is saying it once.
    /// - Throws: 64 where that run is not held; 75 while a run or another person is at work.
    public func release(_ runID: String, _ word: Hold.Release) async throws -> Hold {
        try await alone("release \(runID)") {
            var hold = try await hold(of: runID)
            let said = hold.release ?? word
            try await keepDecision("released", said, of: hold)
            guard hold.release == nil else { return hold }
            hold.release = word
            try await shelf.put(hold)
            reporter.scoped(runID: runID).report(SyncEvent.runReleased(author: word.author, reason: word.reason))
            return hold
        }
    }

    /// A person's word that a held run was wrong: its files leave the landing zone for `rejected/<run_id>/`, in the version that was judged.
    /// Doing it again finishes what a crash has left.
    /// - Returns: the files that were taken away; one that was replaced since stays.
    /// - Throws: 64 where that run is not held; 75 while a run is at work, or where a run that was let go has begun to send them.
    public func discard(_ runID: String, _ word: Hold.Release) async throws -> [String] {
        try await alone("discard \(runID)") {
            let hold = try await hold(of: runID)
            let record = try await record(of: hold)
            // What the run has refused as a whole lies there already, with its own reason.
            let claims = (record.files ?? []).filter { record.archived[$0.name] == nil }
            for claim in claims { try await requireUnclaimed(claim.name) }
            try await keepDecision("discarded", word, of: hold)
            var files: [String] = []
            for claim in claims where try await takeAway(claim, to: "\(LandingLayout.rejected)\(runID)/", word) { files.append(claim.name) }
            try await shelf.remove()
            reporter.scoped(runID: runID).report(SyncEvent.runDiscarded(files: files.count, author: word.author, reason: word.reason))
            return files
        }
    }

    /// One file of the landing zone, whether a run is held or not. A run that is held stays so, unless this was its last file.
    /// - Parameter name: relative to `data/`, byte for byte.
    /// - Throws: 64 where there is no such file; 75 while a run is at work, or where a run that is not finished has claimed it.
    public func discard(file name: String, _ word: Hold.Release) async throws {
        try await alone("discard a file") {
            let object = try await waitingFiles().first { LandingLayout.name(of: $0).utf8.elementsEqual(name.utf8) }
            guard let object else { throw RunStop.noSuchFile(name) }
            try await requireUnclaimed(name)
            // The name of a run that never was, so that what lies there is kept as long as what runs reject.
            let folder = "\(LandingLayout.rejected)\(RunID.make(at: world.now(), random: world.random()))/"
            guard try await takeAway(ClaimedFile(name: name, object: object), to: folder, word) else { throw RunStop.noSuchFile(name) }
            try await endHoldOfNothing(word)
        }
    }

    private var shelf: HoldShelf { HoldShelf(store: synced, pipeline: configuration.pipeline) }

    private func hold(of runID: String) async throws -> Hold {
        guard let hold = try await shelf.current(), hold.runID == runID else { throw RunStop.notHeld(runID) }
        return hold
    }

    private func record(of hold: Hold) async throws -> SyncRecord {
        let folder = RunFolder(pipeline: hold.pipeline, runID: hold.runID, startedAt: hold.startedAt)
        return try await RunLog<SyncRecord>.open(synced, folder: folder.journal).record
    }

    /// What a run is about to send cannot be taken back by taking the file away. A held run sends nothing.
    private func requireUnclaimed(_ name: String) async throws {
        for runID in try await openRuns() {
            guard let folder = try await openRunFolder(runID) else { continue }
            let record = try await RunLog<SyncRecord>.open(synced, folder: folder.journal).record
            guard record.end?.state.isEnd != true, record.transform?.hold == nil else { continue }
            if record.files?.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) == true { throw RunStop.fileClaimed(name, by: runID) }
        }
    }

    private func endHoldOfNothing(_ word: Hold.Release) async throws {
        guard let hold = try await shelf.current() else { return }
        let waiting = Set(try await waitingFiles().map { Array(LandingLayout.name(of: $0).utf8) })
        guard try await record(of: hold).files?.contains(where: { waiting.contains(Array($0.name.utf8)) }) != true else { return }
        try await keepDecision("discarded", word, of: hold)
        try await shelf.remove()
        reporter.scoped(runID: hold.runID).report(SyncEvent.runDiscarded(files: 0, author: word.author, reason: word.reason))
    }

    /// False where the version that was judged is not there any more.
    private func takeAway(_ claim: ClaimedFile, to folder: String, _ word: Hold.Release) async throws -> Bool {
        let reason = DiscardedFileReason(file: claim.name, author: word.author, reason: word.reason, at: word.at)
        try await landing.put(folder + claim.name + ".reason.json", Self.json(reason), .always)
        let outcome = try await LandingMove(landing: landing, claim: claim).outcome(to: folder + claim.name, pinned: nil)
        guard outcome == .archived || outcome == .archivedSourceGone else {
            if outcome == .lost { try await landing.delete(folder + claim.name + ".reason.json") }
            return false
        }
        reporter.report(SyncEvent.fileDiscarded(file: claim.name, author: word.author, reason: word.reason))
        return true
    }

    /// `decision.json` beside the report of the held run, for whoever asks in a year; and first, so that a run that is closed once more is not
    /// held once more.
    private func keepDecision(_ decision: String, _ word: Hold.Release, of hold: Hold) async throws {
        let folder = RunFolder(pipeline: hold.pipeline, runID: hold.runID, startedAt: hold.startedAt)
        let kept = HoldDecision(runID: hold.runID, decision: decision, author: word.author, reason: word.reason, at: word.at)
        try await synced.put(folder.decision, Self.json(kept), .always)
    }

    private static func json(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    private func alone<Result>(_ what: String, _ work: () async throws -> Result) async throws -> Result {
        let leases = try await takeLeases(for: what)
        do {
            let result = try await work()
            for lease in leases { await lease.release() }
            return result
        } catch {
            for lease in leases { await lease.release() }
            throw error
        }
    }
}

/// `<file>.reason.json` beside a file that a person discarded.
private struct DiscardedFileReason: Encodable {
    let file: String
    let rule = "discarded"
    let author: String
    let reason: String
    let at: Timestamp
}

private struct HoldDecision: Encodable {
    let runID: String
    let decision: String
    let author: String
    let reason: String
    let at: Timestamp

    enum CodingKeys: String, CodingKey {
        case runID = "run_id"
        case decision, author, reason, at
    }
}

extension RunStop {
    public static func notHeld(_ runID: String) -> RunStop {
        RunStop(
            .usage, reason: "not_held", culprit: runID, detail: "no run of this name is held",
            remedy: "'vitrine status' says which runs wait for a person; 'vitrine runs' lists all.")
    }

    static func noSuchFile(_ name: String) -> RunStop {
        RunStop(
            .usage, reason: "no_such_file", culprit: name, detail: "no run of this name is held, and there is no such file in the landing zone",
            remedy: "Give a file as it is named below data/, such as stock/today.csv. 'vitrine status' says which runs are held.")
    }

    static func fileClaimed(_ name: String, by runID: String) -> RunStop {
        RunStop(
            .tryAgainLater, reason: "file_claimed", culprit: name, detail: "run \(runID) works on it and has not come to its end",
            remedy: "Let it end first: vitrine run. What it has sent cannot be taken back by taking the file away.")
    }
}
