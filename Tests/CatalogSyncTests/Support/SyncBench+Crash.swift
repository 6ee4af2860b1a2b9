import CatalogSync

extension SyncBench {
    /// A run that dies at the n-th change of its stores. Nil: it died without a word. A report: it saw its end coming, or came through.
    func runUntilDeath(
        at place: Int, _ moment: TappedStore.Moment, _ death: Fuse.Death, request: CatalogSync.Request = CatalogSync.Request()
    ) async throws -> SyncReport? {
        let (firsts, first) = AsyncStream<SyncReport?>.makeStream()
        let fuse = Fuse(at: place, moment, death) { if death == .silent { first.yield(nil) } }
        let sync = try sync(landing: fuse.store(landing), synced: fuse.store(synced))
        // Unstructured, because after a silent death it does not come back while the test goes on, as the process it stands for.
        let task = Task { _ = first.yield(await sync.run(request)) }
        graves.add(fuse, task)
        for await report in firsts { return report }
        return nil
    }
}
