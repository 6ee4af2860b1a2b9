import Engine
import Events
import Feed

/// All winners of a run in their order, encoded, each with what becomes of it. The one way in which `plan` and `transform` meet the ledger.
struct WinnerWalk {
    typealias Judged = (winner: Winner, known: Subject?, fate: WinnerFate)

    private let index: FeedIndex
    private let judge: WinnerJudge
    /// Nil where the ledger knows no product: nothing is to be asked then.
    private let ledger: Ledger?
    private let pipeline: String
    private var places: Winners.Iterator
    private var file = -1
    private var reader: RowReader?
    /// What the rules that look at history have found so far.
    private(set) var tally = FindingTally()

    /// Winners whose state is asked for at once.
    private static let chunk = 1000

    init(_ index: FeedIndex, judge: WinnerJudge, ledger: Ledger?, pipeline: String) throws {
        self.index = index
        self.judge = judge
        self.pipeline = pipeline
        places = index.resolution.winners.makeIterator()
        self.ledger = try ledger.flatMap { try $0.isEmpty(pipeline: pipeline) ? nil : $0 }
    }

    /// Some winners more, in order; nil after the last one.
    mutating func nextChunk() throws -> [Judged]? {
        var chunk: [Winner] = []
        chunk.reserveCapacity(Self.chunk)
        while chunk.count < Self.chunk, let place = places.next() { if let winner = try encoded(place) { chunk.append(winner) } }
        return chunk.isEmpty ? nil : try judged(chunk)
    }

    private mutating func judged(_ chunk: [Winner]) throws -> [Judged] {
        let known = try ledger?.subjects(chunk.map(\.item.id), pipeline: pipeline) ?? KnownSubjects()
        let unsent = chunk.filter { known[$0.item.id]?.sentContent == nil }.compactMap { $0.item.traits?.likeness }
        let doubles = unsent.isEmpty ? [:] : try ledger?.subjects(like: unsent, pipeline: pipeline) ?? [:]
        return chunk.map { winner in
            let subject = known[winner.item.id]
            let verdict = judge.judge(winner, known: subject, double: winner.item.traits?.likeness.flatMap { doubles[$0] })
            for finding in verdict.findings { tally.add(finding) }
            return (winner, subject, verdict.fate)
        }
    }

    private mutating func encoded(_ place: RowRef) throws -> Winner? {
        if place.file != file {
            file = place.file
            reader = RowReader(scan: index.scans[file], source: index.feeds[file].source, options: judge.options)
        }
        var data: [UInt8] = []
        guard let encoded = try reader?.encode(place.row, into: &data) else { return nil }
        let entry = index.scans[place.file].rows[place.row]
        let name = index.scans[place.file].name
        let origin = index.mended.origins[place]
        let time = origin?.fileTime ?? index.times[place.file]
        let read = index.scans[place.file].rows.version(of: place.row)
        let version = read == 0 ? nil : read
        let item = BatchItem(
            id: encoded.id, file: name, row: entry.line, fileTime: time, version: version.map { String($0) },
            content: Fingerprint(encoded.contentFingerprint), traits: Traits(encoded.traits), offset: 0, length: 0)
        let order = RowOrder(version: version, fileTime: time, file: origin?.file ?? name, row: origin?.row ?? entry.line)
        return Winner(item: item, data: data, order: order)
    }
}

extension Traits {
    init(_ item: ItemTraits) {
        self.init(likeness: item.likeness.map { Fingerprint($0) }, amount: item.amount, unit: item.currency, standing: item.availability)
    }
}
