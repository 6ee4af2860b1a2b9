import Engine
public import Events

/// For a ledger that is kept elsewhere between runs, and may so be older than the run folders.
extension CatalogSync {
    /// Days before the given time that are read too: clocks of two machines differ.
    private static let margin = Duration.seconds(86_400)
    /// More days than these are not asked for one by one.
    private static let mostDays = 60

    /// Reads back what runs have closed since then, as `reindex` does, without forgetting what is older. Doing it again is harmless.
    ///
    /// To read back all begins with forgetting, as `reindex` does too: where it fails halfway the ledger says that it is not whole, wherever it is kept
    /// meanwhile, until somebody has read all of it.
    ///
    /// The caller has to be the only one that writes this ledger.
    /// - Parameters:
    ///   - since: runs that began before are read only where `folders` names them; nil: all that there are. Also taken for nil where the ledger knows
    ///     of no run, or is not whole.
    ///   - folders: keys of run folders that were open then.
    /// - Returns: how many runs were read.
    public func catchUp(since: Timestamp?, folders: [String]) async throws -> Int {
        guard let since, try !knowsNothing() else { return try await readRunFolders() }
        var found = Set(folders)
        for prefix in Self.prefixes(from: since + (.zero - Self.margin), to: world.now() + Self.margin, of: configuration.pipeline) {
            found.formUnion(try await runFolders(below: prefix))
        }
        return try await read(found)
    }

    /// Whether the ledger has to be made from all run folders: it has no run, or an earlier attempt to read them back failed halfway.
    public func knowsNothing() throws -> Bool {
        let pipeline = configuration.pipeline
        return try !ledger.isWhole(pipeline: pipeline) || ledger.runs(pipeline: pipeline, limit: 1).isEmpty
    }

    private static func prefixes(from first: Timestamp, to last: Timestamp, of pipeline: String) -> [String] {
        guard last - first < .seconds(mostDays * 86_400) else { return [pipeline + "/"] }
        return stride(from: 0, through: max(0, (last - first) / .seconds(86_400)), by: 1).map { days in
            "\(pipeline)/\(RunFolder.day(first + .seconds(86_400) * days))/"
        }
    }

    /// The folders of the runs that are open now.
    public func openRunFolders() async throws -> [String] {
        var folders: [String] = []
        for runID in try await openRuns() { if let folder = try await openRunFolder(runID) { folders.append(folder.key) } }
        return folders
    }
}
