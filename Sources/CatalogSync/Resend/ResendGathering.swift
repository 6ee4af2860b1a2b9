import Engine
import Events
import FoundationEssentials
import ObjectStore

/// Makes rows of the requests that wait: finds what was sent last of each product, and keeps it in the run's own folder, so that the run needs
/// neither the requests nor the old batch objects from here on. Doing it again replaces what was there.
struct ResendGathering {
    let run: SyncRun

    /// Products asked about at once, and lines of one part.
    private static let chunk = 5_000

    static func part(_ number: Int) -> String { "/rows/again-\(number).ndjson.gz" }
    /// Bytes of one part, packed.
    static let partLimit = 256 << 20

    /// Nil: nothing was asked for.
    func gather() async throws -> ResendFacts? {
        let requests = try await ResendShelf(store: run.synced, pipeline: run.opening.pipeline).waiting()
        guard !requests.isEmpty else { return nil }
        var facts = ResendFacts(requests: requests.map(\.id), rows: 0, parts: 0, skipped: 0)
        var wanted: [SentItems.Place: [Subject]] = [:]
        for subjects in try chosen(by: requests, &facts) { try locate(subjects, &wanted, &facts) }
        var lines: [ResendLine] = []
        for (place, subjects) in wanted.sorted(by: { ($0.key.folder, $0.key.batch) < ($1.key.folder, $1.key.batch) }) {
            lines += try await self.lines(subjects, at: place, &facts)
            while lines.count >= Self.chunk { try await put(lines.prefix(Self.chunk), &facts); lines.removeFirst(Self.chunk) }
        }
        if !lines.isEmpty { try await put(lines[...], &facts) }
        for request in requests {
            run.reporter.report(SyncEvent.resendTaken(author: request.author, what: request.words, reason: request.reason))
        }
        run.reporter.report(SyncEvent.resendGathered(items: facts.rows, skipped: facts.skipped))
        return facts
    }

    /// Each product once, some at a time.
    private func chosen(by requests: [ResendRequest], _ facts: inout ResendFacts) throws -> [[Subject]] {
        let ledger = run.sync.ledger
        let states = Set(requests.flatMap(\.states))
        var chunks: [[Subject]] = []
        if !states.isEmpty {
            var query = SubjectQuery(pipeline: run.opening.pipeline, states: states, limit: Self.chunk)
            while true {
                let page = try ledger.subjects(query)
                if !page.isEmpty { chunks.append(page) }
                guard page.count == query.limit, let last = page.last else { break }
                query.after = SubjectCursor(state: last.state, id: last.id)
            }
        }
        let named = Array(Set(requests.flatMap(\.products))).sorted()
        let known = try ledger.subjects(named, pipeline: run.opening.pipeline)
        for id in named where known[id] == nil { skip(id, .notKnown, &facts) }
        let others = named.compactMap { known[$0] }.filter { !states.contains($0.state) }
        if !others.isEmpty { chunks.append(others) }
        return chunks
    }

    private func locate(_ subjects: [Subject], _ wanted: inout [SentItems.Place: [Subject]], _ facts: inout ResendFacts) throws {
        let deliveries = try run.sync.ledger.lastDeliveries(subjects.map(\.id), pipeline: run.opening.pipeline, onlyAccepted: false)
        for subject in subjects {
            if subject.state == .rejected {
                skip(subject.id, .rejected, &facts)
            } else if subject.sentContent == nil {
                skip(subject.id, .neverSent, &facts)
            } else if let place = deliveries[subject.id].flatMap({ SentItems.Place($0, pipeline: run.opening.pipeline) }) {
                wanted[place, default: []].append(subject)
            } else {
                skip(subject.id, .notKept, &facts)
            }
        }
    }

    private func lines(_ subjects: [Subject], at place: SentItems.Place, _ facts: inout ResendFacts) async throws -> [ResendLine] {
        let found = try await SentItems(store: run.synced, pipeline: run.opening.pipeline).found(Set(subjects.map(\.id)), at: place)
        return subjects.compactMap { subject in
            // Another content is not what was sent last: rather nothing than something older.
            guard let kept = found[subject.id], kept.item.content == subject.sentContent else {
                skip(subject.id, .notKept, &facts)
                return nil
            }
            var item = kept.item
            // The newest row that says this, which may be a later one than the row that was sent.
            item.file = subject.sentFile ?? item.file
            item.row = subject.sentRow ?? item.row
            item.fileTime = subject.sentFileTime ?? item.fileTime
            item.version = subject.sentVersion
            return ResendLine(item: item, data: String(decoding: kept.data, as: UTF8.self))
        }
    }

    private func put(_ lines: ArraySlice<ResendLine>, _ facts: inout ResendFacts) async throws {
        let writer = try LinesWriter<ResendLine>()
        for line in lines { writer.append(line) }
        facts.parts += 1
        facts.rows += lines.count
        try await run.synced.put(run.folder.key + Self.part(facts.parts), writer.finish(), .always)
    }

    private func skip(_ id: String, _ reason: NotResent, _ facts: inout ResendFacts) {
        facts.skipped += 1
        run.reporter.report(SyncEvent.productNotResent(productID: id, reason: reason.rawValue))
    }
}

extension SyncRun {
    /// The products of the requests that this run has taken, part by part.
    func forEachResendPart(_ body: ([ResendLine]) -> Void) async throws {
        guard let facts = await log.record.resending, facts.parts > 0 else { return }
        for number in 1...facts.parts { body(try await resendPart(number)) }
    }

    func resendPart(_ number: Int) async throws -> [ResendLine] {
        try LinesReader.read(try await synced.get(folder.key + ResendGathering.part(number), limit: ResendGathering.partLimit))
    }

    /// The run is answerable for them now.
    func removeResendRequests() async throws {
        let shelf = ResendShelf(store: synced, pipeline: opening.pipeline)
        for id in await log.record.resending?.requests ?? [] { try await shelf.remove(id) }
    }
}
