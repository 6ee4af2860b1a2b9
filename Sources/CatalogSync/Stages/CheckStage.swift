import Engine
import Events
public import ObjectStore

extension SyncRun {
    /// Lists the landing zone and claims what is complete, oldest first.
    func check() async throws {
        try await takeRelease()
        let waiting = try await sync.waitingFiles()
        let complete = waiting.filter { LandingLayout.reasonToWait(LandingLayout.name(of: $0)) == nil }
        reporter.report(SyncEvent.landingListed(files: complete.count, oldest: complete.first?.modified))
        var claims: [ClaimedFile] = []
        for object in waiting {
            let name = LandingLayout.name(of: object)
            if let reason = LandingLayout.reasonToWait(name) {
                reporter.report(SyncEvent.fileSkipped(file: name, reason: reason))
                continue
            }
            if claims.count == LandingLayout.mostFilesOfARun {
                reporter.report(SyncEvent.fileSkipped(file: name, reason: "a run takes \(LandingLayout.mostFilesOfARun) files, the oldest first"))
                continue
            }
            claims.append(ClaimedFile(name: name, object: object))
            reporter.report(SyncEvent.fileClaimed(file: name, bytes: object.size, modified: object.modified))
        }
        if let facts = try await ResendGathering(run: self).gather() { try await log.append(.resending(facts)) }
        try await log.append(.checked(claims, found: waiting.count))
    }
}

extension SyncRun {
    /// After settling, which may have finished a run that is held, or one that has used up the word of a person already.
    private func takeRelease() async throws {
        guard let hold = try await HoldShelf(store: synced, pipeline: opening.pipeline).current() else { return }
        guard let word = hold.release else { throw RunStop.held(hold) }
        try await log.append(.released(hold))
        reporter.report(SyncEvent.releaseTaken(runID: hold.runID, author: word.author, reason: word.reason))
    }
}

/// Names in the landing zone.
enum LandingLayout {
    static let data = "data/"
    static let archive = "archive/"
    static let rejected = "rejected/"
    /// Each file of a run is held open; the usual limit of a process is 1,024 descriptors.
    static let mostFilesOfARun = 500

    /// Counted in bytes: behind the slash there can be a mark that Swift takes for a part of it.
    static func name(of object: ObjectInfo) -> String { String(decoding: object.key.utf8.dropFirst(data.utf8.count), as: UTF8.self) }

    private static let workingSuffixes = [".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~"]
    private static let endings = [".csv", ".csv.gz"]

    private static let mendedEnding = ".rejected.csv"

    /// The rows of a mended file that are stopped again are still rows of the file they came from.
    /// - Parameter claimed: all files of the run; no two of them may meet in one name, and a refused file keeps its own.
    static func rejectedName(of name: String, among claimed: Set<String>) -> String {
        let isMended = name.hasSuffix(mendedEnding) && !claimed.contains(String(name.dropLast(mendedEnding.count)))
        let wanted = isMended ? name : name + mendedEnding
        return wanted != name && claimed.contains(wanted) ? name + ".new" + mendedEnding : wanted
    }

    static func isFeed(_ name: String) -> Bool { endings.contains { name.lowercased().hasSuffix($0) } }

    /// Nil: the name says that the file is complete.
    static func reasonToWait(_ name: String) -> String? {
        let lower = name.lowercased()
        if name.unicodeScalars.contains("\u{fffd}") { return "its name is not UTF-8 and cannot be written down: rename it" }
        if let hidden = name.split(separator: "/").first(where: { $0.hasPrefix(".") || $0.hasPrefix("_") }) {
            return "'\(hidden)' begins with a dot or underscore: it is still being written"
        }
        if let suffix = workingSuffixes.first(where: { lower.hasSuffix($0) }) { return "its name ends with '\(suffix)': it is still being written" }
        return isFeed(name) ? nil : "it is no .csv and no .csv.gz"
    }
}

/// The landing zone as somebody sees it who only looks.
public enum LandingZone {
    /// The files that a run would take, oldest first, ties by name.
    public static func completeFiles(in landing: any ObjectStore) async throws -> [ObjectInfo] {
        try await landing.list(prefix: LandingLayout.data).filter { LandingLayout.reasonToWait(LandingLayout.name(of: $0)) == nil }
            .sorted { ($0.modified, $0.key) < ($1.modified, $1.key) }
    }
}

extension CatalogSync {
    /// Everything below `data/`, oldest first, ties by name.
    func waitingFiles() async throws -> [ObjectInfo] {
        try await landing.list(prefix: LandingLayout.data).sorted { ($0.modified, $0.key) < ($1.modified, $1.key) }
    }
}
