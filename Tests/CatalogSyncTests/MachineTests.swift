import Engine
import Events
import Feed
import Foundation
import MetaCatalog
import Testing

@testable import CatalogSync

private func item(_ id: String) -> BatchItem {
    BatchItem(id: id, file: "a.csv", row: 2, fileTime: ManualClock.start, version: nil, content: Fingerprint(0xc), offset: 0, length: 0)
}

@Suite("Reading an answer")
struct AnswerReadingTests {
    private let items = ["a", "b", "c", "d"].map(item)

    private func reading(_ open: [Int] = [0, 1, 2, 3]) -> AnswerReading { AnswerReading(items: items, open: open) }

    @Test("a handle and no word: nothing is refused")
    func handle() {
        #expect(reading().read(BatchAnswer(handle: "h")) == PostFacts(handle: "h", refused: [], warned: []))
    }

    @Test("errors and warnings at once go to their items, beside a handle")
    func partial() {
        let facts = reading().read(
            BatchAnswer(handle: "h", verdicts: [.init(retailerID: "b", errors: ["bad"]), .init(retailerID: "c", warnings: ["hm"])]))
        #expect(facts == PostFacts(handle: "h", refused: [.init(index: 1, message: "bad")], warned: [.init(index: 2, message: "hm")]))
    }

    @Test("a stranger's id refuses nobody", arguments: ["z", nil])
    func stranger(_ id: String?) {
        let facts = reading().read(BatchAnswer(handle: nil, verdicts: [.init(retailerID: id, errors: ["bad"])]))
        #expect(facts.refused.isEmpty)
    }

    @Test("without a handle a single item is the guilty one, with what was said", arguments: [(["bad"], "bad"), ([], AnswerReading.noReason)])
    func single(_ messages: [String], _ expected: String) {
        let facts = reading([2]).read(BatchAnswer(handle: nil, verdicts: messages.map { .init(retailerID: nil, errors: [$0]) }))
        #expect(facts == PostFacts(handle: nil, refused: [.init(index: 2, message: expected)], warned: []))
    }

    @Test("an error beside a handle that names nobody keeps the silence of the handle from accepting anybody", arguments: ["z", nil])
    func unattributed(_ id: String?) {
        let facts = reading().read(BatchAnswer(handle: "h", verdicts: [.init(retailerID: id, errors: ["bad"])]))
        #expect(facts == PostFacts(handle: "h", refused: [], warned: [], unattributed: 1))
        #expect(reading([3]).read(BatchAnswer(handle: "h", verdicts: [.init(retailerID: id, errors: ["bad"])])).refused == [.init(index: 3, message: "bad")])
        var record = SyncRecord()
        record.apply(.transformed(TransformFacts(batches: [4], superseded: 0, unchanged: 0, bytes: 0)))
        record.apply(.posting("00001", items: 4, repeats: 0, at: ManualClock.start))
        record.apply(.posted("00001", facts, at: ManualClock.start))
        record.apply(.judged("00001", JudgeFacts(refused: [], warned: [], errors: 0, warnings: 0, hidden: false), at: ManualClock.start))
        #expect(record.batches[0].openIndices(in: 0..<4) == [0, 1, 2, 3])
        guard case .divide(_, let halves, _) = record.steps.first else {
            Issue.record("the batch goes on in halves")
            return
        }
        #expect(halves.map(\.name) == ["00001a", "00001b"])
    }

    @Test("an error about the data of a batch refuses a single item, and nobody of several")
    func envelope() {
        #expect(reading([3]).read(refusal: "no").refused == [.init(index: 3, message: "no")])
        #expect(reading().read(refusal: "no").refused.isEmpty)
    }

    struct Status: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var open = [0, 1, 2, 3]
        let status: HandleStatus
        let refused: [Int]
        let hidden: Bool
    }

    @Test(
        "a finished handle",
        arguments: [
            Status(testDescription: "no errors", status: HandleStatus(state: .finished), refused: [], hidden: false),
            Status(
                testDescription: "ids without a sample", status: HandleStatus(state: .finished, errorsTotal: 2, invalidIDs: ["b", "d"]), refused: [1, 3],
                hidden: false),
            Status(
                testDescription: "an id repeated for each of its errors", status: HandleStatus(state: .finished, errorsTotal: 2, invalidIDs: ["b", "b"]),
                refused: [1], hidden: false),
            Status(
                testDescription: "a sample that covers every error, and no ids",
                status: HandleStatus(state: .finished, errorsTotal: 1, errors: [.init(id: "c", message: "bad")], invalidIDsPresent: false), refused: [2],
                hidden: false),
            Status(
                testDescription: "a sample that covers some", status: HandleStatus(state: .finished, errorsTotal: 3, errors: [.init(id: "c", message: "bad")]),
                refused: [2], hidden: true),
            Status(
                testDescription: "errors that name nobody",
                status: HandleStatus(state: .finished, errorsTotal: 1, errors: [.init(message: "An item could not be processed")]), refused: [], hidden: true),
            Status(testDescription: "errors counted only", status: HandleStatus(state: .finished, errorsTotal: 1), refused: [], hidden: true),
            Status(
                testDescription: "an id that was never sent", status: HandleStatus(state: .finished, errorsTotal: 2, invalidIDs: ["b", "z"]), refused: [1],
                hidden: true),
            Status(
                testDescription: "an id refused at once and named again", open: [0, 2, 3],
                status: HandleStatus(state: .finished, errorsTotal: 1, invalidIDs: ["b"]), refused: [], hidden: false),
            Status(
                testDescription: "a sample that names an item refused at once", open: [0, 2, 3],
                status: HandleStatus(state: .finished, errorsTotal: 1, errors: [.init(id: "b", message: "bad")]), refused: [], hidden: false),
            Status(
                testDescription: "hidden errors of a single item", open: [2], status: HandleStatus(state: .finished, errorsTotal: 1), refused: [2],
                hidden: false),
        ])
    func finished(_ row: Status) {
        let facts = reading(row.open).read(row.status)
        #expect(Set(facts.refused.map(\.index)) == Set(row.refused) && facts.hidden == row.hidden, "\(facts)")
        #expect(facts.errors == row.status.errorsTotal)
    }

    @Test("a refused item that only the warnings name has their reason")
    func reasonAmongWarnings() {
        let facts = reading().read(
            HandleStatus(state: .finished, errorsTotal: 1, warningsTotal: 1, warnings: [.init(id: "b", message: "A required field is missing")], invalidIDs: ["b"]))
        #expect(facts.refused == [.init(index: 1, message: "A required field is missing")] && !facts.hidden)
    }
}

@Suite("The next step of a parcel")
struct StepTests {
    private let time = ManualClock.start

    /// A record with one batch of four items, after these entries.
    private func record(_ entries: SyncEntry..., count: Int = 4) -> SyncRecord {
        var record = SyncRecord()
        record.apply(.validated(ValidationFacts(
            files: [.init(name: "a.csv", rows: count, rejected: 0, sha256: "")], superseded: 0, winners: count, findings: [], stop: nil)))
        record.apply(.transformed(TransformFacts(batches: [count], superseded: 0, unchanged: 0, bytes: 0)))
        for entry in entries { record.apply(entry) }
        return record
    }

    private var posting: SyncEntry { .posting("00001", items: 4, repeats: 0, at: time) }
    private func posted(_ handle: String?, refused: [Int] = []) -> SyncEntry {
        .posted("00001", PostFacts(handle: handle, refused: refused.map { .init(index: $0, message: "bad") }, warned: []), at: time)
    }
    private func judged(refused: [Int] = [], hidden: Bool = false) -> SyncEntry {
        .judged("00001", JudgeFacts(refused: refused.map { .init(index: $0, message: "bad") }, warned: [], errors: 0, warnings: 0, hidden: hidden), at: time)
    }
    private let whole = Parcel(name: "00001", batch: 1, lower: 0, upper: 4)
    private func part(_ name: String, _ lower: Int, _ upper: Int) -> Parcel { Parcel(name: name, batch: 1, lower: lower, upper: upper) }

    @Test("ready, in the air, or declined: post")
    func post() {
        #expect(record().steps == [.post(whole)])
        #expect(record(posting).steps == [.post(whole)])
        #expect(record(posting, .declined("00001", reason: "throttled", at: time)).steps == [.post(whole)])
        #expect(record(posting, .answerLost("00001", at: time)).steps == [.post(whole)])
    }

    @Test("a second word of the transformation replaces the first")
    func transformedTwice() {
        let again = record(.transformed(TransformFacts(batches: [4], superseded: 0, unchanged: 0, bytes: 0)), posting, posted("h"))
        #expect(again.steps == [.poll(whole, handle: "h")] && again.parcels.count == 1)
    }

    @Test("with a handle: poll, and after its verdict nothing")
    func poll() {
        #expect(record(posting, posted("h")).steps == [.poll(whole, handle: "h")])
        #expect(record(posting, posted("h"), judged(refused: [1])).steps.isEmpty)
    }

    @Test("what an item is refused for goes before what it was warned of")
    func refusalFirst() {
        let warned = SyncEntry.posted("00001", PostFacts(handle: "h", refused: [], warned: [.init(index: 1, message: "small picture")]), at: time)
        let both = JudgeFacts(
            refused: [.init(index: 1, message: "bad link"), .init(index: 1, message: "bad price"), .init(index: 2, message: "small picture")],
            warned: [.init(index: 1, message: "long title"), .init(index: 2, message: "small picture")], errors: 3, warnings: 2, hidden: false)
        let batch = record(posting, warned, .judged("00001", both, at: time)).batches[0]
        #expect(batch.messages == [1: ["bad link", "small picture", "long title", "bad price"], 2: ["small picture"]])
    }

    @Test("hidden ids: halves of what is open")
    func hidden() {
        let steps = record(posting, posted("h"), judged(refused: [0], hidden: true)).steps
        #expect(steps == [.divide(whole, into: [part("00001a", 0, 2), part("00001b", 2, 4)], reason: "errors counted, ids hidden")])
    }

    @Test("ended without a result: once more, then given up")
    func failed() {
        let first = record(posting, posted("h"), .handleFailed("00001", status: "error", at: time))
        guard case .divide(_, let children, _)? = first.steps.first else { return #expect(Bool(false), "\(first.steps)") }
        #expect(children == [part("00001r", 0, 4)])
        var second = first
        second.apply(.divided("00001", children, reason: ""))
        second.apply(.posting("00001r", items: 1, repeats: 1, at: time))
        second.apply(.posted("00001r", PostFacts(handle: "h2", refused: [], warned: []), at: time))
        second.apply(.handleFailed("00001r", status: "canceled", at: time))
        guard case .giveUp(let parcel, _)? = second.steps.first else { return #expect(Bool(false), "\(second.steps)") }
        #expect(parcel.name == "00001r")
        second.apply(.givenUp("00001r", reason: "", at: time))
        #expect(second.steps.isEmpty && second.books.items.unknown == 4 && !second.hasOpenItems)
    }

    @Test("refused as a whole: halves, or without what was named, or nothing more to do")
    func refusedWhole() {
        #expect(children(record(posting, posted(nil))) == [part("00001a", 0, 2), part("00001b", 2, 4)])
        #expect(children(record(posting, posted(nil, refused: [2]))) == [part("00001x", 0, 4)])
        #expect(record(posting, posted(nil, refused: [0, 1, 2, 3])).steps.isEmpty)
    }

    private func children(_ record: SyncRecord) -> [Parcel]? {
        if case .divide(_, let children, _)? = record.steps.first { children } else { nil }
    }

    @Test("a server that names one item a time is asked four times, then the batch is halved")
    func cleanings() {
        var record = record(count: 9)
        var name = "00001"
        for index in 0..<5 {
            record.apply(.posting(name, items: 1, repeats: 0, at: time))
            record.apply(.posted(name, PostFacts(handle: nil, refused: [.init(index: index, message: "bad")], warned: []), at: time))
            guard let next = children(record) else { return #expect(Bool(false), "\(record.steps)") }
            #expect(next.map(\.name) == (index < 4 ? [name + "x"] : [name + "a", name + "b"]))
            record.apply(.divided(name, next, reason: ""))
            name = next[0].name
        }
    }

    @Test("timed out: nothing now, and the run stays open")
    func timedOut() {
        let late = record(posting, posted("h"), .timedOut("00001", at: time))
        #expect(late.steps.isEmpty && late.hasOpenItems)
    }

    @Test("the books follow every entry")
    func books() {
        func figures(_ record: SyncRecord) -> [Int] {
            let items = record.books.items
            return [items.sent, items.accepted, items.refused, items.unknown]
        }
        var validated = SyncRecord()
        validated.apply(.validated(ValidationFacts(
            files: [.init(name: "a", rows: 9, rejected: 2, sha256: ""), .init(name: "b", rows: 3, rejected: 3, sha256: "", refusal: .init(rule: "F03", line: 1, value: "", message: "", remedy: ""))],
            superseded: 1, winners: 6, findings: [], stop: nil)))
        #expect(validated.books.rows.pending == 6 && validated.books.balanced)
        validated.apply(.transformed(TransformFacts(batches: [4], superseded: 1, unchanged: 1, bytes: 0)))
        #expect(validated.books.rows.pending == 4 && validated.books.rows.rejected == 5 && validated.books.rows.superseded == 2 && validated.books.balanced)
        for (entry, expected) in [
            (posting, [4, 0, 0, 4]), (.declined("00001", reason: "throttled", at: time), [0, 0, 0, 0]), (posting, [4, 0, 0, 4]),
            (posted("h", refused: [3]), [4, 0, 1, 3]), (judged(refused: [0]), [4, 2, 2, 0]),
        ] as [(SyncEntry, [Int])] {
            validated.apply(entry)
            #expect(figures(validated) == expected && validated.books.balanced, "\(entry) \(validated.books)")
        }
    }

    @Test("a body that held another number of requests than the record has items leaves the books unbalanced", arguments: [3, 5])
    func miscounted(_ counted: Int) {
        let wrong = record(.posting("00001", items: counted, repeats: 0, at: time), posted("h"), judged())
        #expect(wrong.books.rows.sent == 4 && wrong.books.items.sent == counted && !wrong.books.balanced)
    }

    @Test("an item counts as sent once, however often it travelled, and not while nothing of it was stored")
    func travelled() {
        var record = record(.posting("00001", items: 4, repeats: 0, at: time), .declined("00001", reason: "throttled", at: time))
        #expect(record.books.items.sent == 0 && record.books.rows.pending == 4 && record.books.balanced)
        for (entry, sent) in [
            (.posting("00001", items: 4, repeats: 0, at: time), 4), (.answerLost("00001", at: time), 4),
            (.posting("00001", items: 4, repeats: 4, at: time), 4), (.declined("00001", reason: "throttled", at: time), 4),
            (.posting("00001", items: 4, repeats: 4, at: time), 4), (posted("h"), 4), (judged(hidden: true), 4),
            (.divided("00001", [part("00001a", 0, 2), part("00001b", 2, 4)], reason: ""), 4), (.posting("00001a", items: 2, repeats: 2, at: time), 4),
        ] as [(SyncEntry, Int)] {
            record.apply(entry)
            #expect(record.books.items.sent == sent && record.books.rows.sent == sent && record.books.balanced, "\(entry)")
        }
        var refused = self.record(posting)
        refused.apply(.posted("00001", PostFacts(handle: nil, refused: [.init(index: 1, message: "bad")], warned: [], returned: 3), at: time))
        #expect(refused.books.items.sent == 1 && refused.books.items.refused == 1 && refused.books.rows.pending == 3 && refused.books.balanced)
    }

    @Test("the requests of a body are counted in its bytes", arguments: [0, 1, 7])
    func requestCount(_ items: Int) {
        var builder = BatchBuilder(mostItems: 10, mostBytes: 10_000)
        let text = #"{"id":"a","title":"{ \"method\":\"UPDATE\",\"data\":{ {{\"method"}"#
        for index in 0..<items { _ = builder.append(item("\(index)"), data: Array(text.utf8)) }
        #expect(BatchShelf.requestCount(in: builder.finish()?.requests ?? []) == items)
    }

    @Test("a run stopped by its checks holds its valid rows")
    func held() {
        var record = SyncRecord()
        let stop = StopFacts(code: .validationFailed, reason: "", culprit: "", detail: "", remedy: "")
        record.apply(.validated(ValidationFacts(files: [.init(name: "a", rows: 9, rejected: 5, sha256: "")], superseded: 1, winners: 3, findings: [], stop: stop)))
        #expect(record.books.rows.held == 3 && record.books.balanced && record.endState == .validationFailed)
    }

    @Test("parcels are named after their batch", arguments: [(1, "00001"), (99_999, "99999"), (123_456, "123456")])
    func names(_ batch: Int, _ name: String) { #expect(Parcel.name(ofBatch: batch) == name) }
}

@Suite("The reaction to a failure")
struct ReactionTests {
    private static let limits = Reaction.Limits(
        attempts: 3, backoff: .seconds(1), longestBackoff: .seconds(8), throttleFloor: .seconds(60), patience: .seconds(900))

    private static func react(_ kind: FailureKind, tries: Int = 1, waited: Duration = .zero, regain: Duration? = nil, jitter: Double = 0) -> Reaction {
        let failure = CallFailure(kind: kind, message: "m", regainAccess: regain, culprit: "c", remedy: "r")
        return .to(failure, tries: tries, waited: waited, jitter: jitter, limits: limits)
    }

    private static func code(_ reaction: Reaction) -> ExitCode? { if case .stop(let stop) = reaction { stop.code } else { nil } }

    @Test("every kind has one", arguments: FailureKind.allCases)
    func kinds(_ kind: FailureKind) {
        let reaction = Self.react(kind)
        switch kind {
        case .throttled: #expect(reaction == .wait(.seconds(60)))
        case .transient, .unreachable, .malformedAnswer: #expect(reaction == .again(after: .milliseconds(500)))
        case .lostAnswer: #expect(reaction == .again(after: .zero))
        case .tooLarge, .dataRefused: #expect(reaction == .cut)
        case .authentication, .permission: #expect(Self.code(reaction) == .permission)
        case .badRequest: #expect(Self.code(reaction) == .serviceUnavailable)
        case .versionRetired: #expect(Self.code(reaction) == .settings)
        case .cancelled: #expect(Self.code(reaction) == .tryAgainLater)
        }
    }

    @Test("the last try stops the run", arguments: [FailureKind.transient, .unreachable, .malformedAnswer, .lostAnswer])
    func lastTry(_ kind: FailureKind) { #expect(Self.code(Self.react(kind, tries: 3)) == .serviceUnavailable) }

    @Test("pauses double, are bounded, and are spread")
    func pauses() {
        #expect(Self.react(.lostAnswer, tries: 2, jitter: 1) == .again(after: .seconds(2)))
        var patient = Self.limits
        patient.attempts = 99
        let failure = CallFailure(kind: .transient, message: "", culprit: "", remedy: "")
        #expect(Reaction.to(failure, tries: 60, waited: .zero, jitter: 1, limits: patient) == .again(after: .seconds(8)))
        #expect(Reaction.to(failure, tries: 60, waited: .zero, jitter: 0, limits: patient) == .again(after: .seconds(4)))
    }

    @Test("a throttle waits as long as Meta says, never less than the floor, and not beyond patience")
    func throttle() {
        #expect(Self.react(.throttled, regain: .seconds(300)) == .wait(.seconds(300)))
        #expect(Self.react(.throttled, regain: .seconds(1)) == .wait(.seconds(60)))
        #expect(Self.react(.throttled, waited: .seconds(840)) == .wait(.seconds(60)))
        #expect(Self.code(Self.react(.throttled, waited: .seconds(841))) == .tryAgainLater)
    }
}

@Suite("Whether a run goes on after its checks")
struct DecisionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var files = 1, refused = 0, rows = 100, rejected = 0
        var strict = false, accepted = false
        var reason: String?
    }

    @Test(
        "by the counts",
        arguments: [
            Row(testDescription: "all valid"),
            Row(testDescription: "share at its limit", rejected: 20),
            Row(testDescription: "share above", rejected: 21, reason: "rejected_share"),
            Row(testDescription: "share above, accepted", rejected: 21, accepted: true),
            Row(testDescription: "share above, below the floor", rows: 20, rejected: 19),
            Row(testDescription: "share above, at the floor", rows: 40, rejected: 20, reason: "rejected_share"),
            Row(testDescription: "one refused file of two", files: 2, refused: 1),
            Row(testDescription: "no usable file", files: 2, refused: 2, rows: 0, reason: "no_usable_file"),
            Row(testDescription: "no usable file, accepted", files: 1, refused: 1, rows: 0, accepted: true, reason: "no_usable_file"),
            Row(testDescription: "no valid row", rows: 3, rejected: 3, reason: "no_valid_row"),
            Row(testDescription: "no valid row, accepted", rows: 3, rejected: 3, accepted: true, reason: "no_valid_row"),
            Row(testDescription: "no row at all", rows: 0),
            Row(testDescription: "strict, all valid", strict: true),
            Row(testDescription: "strict, one row", rejected: 1, strict: true, reason: "strict"),
            Row(testDescription: "strict, one file", files: 2, refused: 1, strict: true, reason: "strict"),
            Row(testDescription: "strict, accepted", rejected: 1, strict: true, accepted: true),
            Row(testDescription: "strict, accepted, no valid row", rows: 3, rejected: 3, strict: true, accepted: true, reason: "no_valid_row"),
        ])
    func decision(_ row: Row) {
        var settings = CatalogSyncConfiguration.Validation()
        settings.strict = row.strict
        let counts = ValidationDecision.Counts(files: row.files, refusedFiles: row.refused, rows: row.rows, rejected: row.rejected)
        let stop = ValidationDecision.stop(counts, settings: settings, pipeline: "shop", accepted: row.accepted)
        #expect(stop?.reason == row.reason)
        if let stop { #expect(stop.code == .validationFailed && !stop.remedy.isEmpty) }
    }

    @Test("shares are shown short", arguments: [(0.2, "20 %"), (0.005, "0.5 %"), (1.0 / 3, "33.3 %")])
    func percent(_ share: Double, _ text: String) { #expect(ValidationDecision.percent(share) == text) }
}

@Suite("Which row is newer")
struct RowOrderTests {
    private static func row(_ version: UInt64?, _ seconds: Double, _ file: String, _ line: Int) -> RowOrder {
        RowOrder(version: version, fileTime: Timestamp(seconds: seconds), file: file, row: line)
    }

    @Test(
        "is decided by version, file time, name, line",
        arguments: [
            (row(1, 9, "b", 9), row(2, 1, "a", 1)), (row(nil, 1, "b", 9), row(nil, 2, "a", 1)), (row(5, 1, "b", 9), row(nil, 2, "a", 1)),
            (row(5, 1, "b", 9), row(5, 2, "a", 1)), (row(nil, 1, "a", 9), row(nil, 1, "b", 1)), (row(nil, 1, "a", 2), row(nil, 1, "a", 3)),
        ])
    func order(_ older: RowOrder, _ newer: RowOrder) {
        #expect(older.isOlder(than: newer) && !newer.isOlder(than: older) && !older.isOlder(than: older))
    }
}

@Suite("Cutting batches")
struct BatchBuilderTests {
    private func build(_ sizes: [Int], mostItems: Int = 5000, mostBytes: Int = 1 << 20) throws -> [BatchShelf.Batch] {
        var builder = BatchBuilder(mostItems: mostItems, mostBytes: mostBytes)
        var batches: [BatchShelf.Batch] = []
        for (index, size) in sizes.enumerated() {
            let data = Array("{\"id\":\"\(index)\",\"t\":\"\(String(repeating: "x", count: size))\"}".utf8)
            if let full = builder.append(item("\(index)"), data: data) { batches.append(full) }
        }
        if let last = builder.finish() { batches.append(last) }
        for batch in batches { try checkJSON(batch) }
        #expect(batches.flatMap(\.items).map(\.id) == sizes.indices.map { "\($0)" })
        return batches
    }

    private func checkJSON(_ batch: BatchShelf.Batch) throws {
        let requests = try #require(try JSONSerialization.jsonObject(with: Data(batch.requests)) as? [[String: Any]])
        #expect(requests.compactMap { ($0["data"] as? [String: String])?["id"] } == batch.items.map(\.id))
        #expect(requests.allSatisfy { $0["method"] as? String == "UPDATE" })
        for count in 1...batch.items.count {
            let some = Array((0..<batch.items.count).suffix(count))
            let part = try #require(try JSONSerialization.jsonObject(with: Data(batch.requests(of: some))) as? [[String: Any]])
            #expect(part.compactMap { ($0["data"] as? [String: String])?["id"] } == some.map { batch.items[$0].id })
        }
    }

    @Test("by items", arguments: [(1, [1, 1, 1, 1, 1, 1, 1]), (3, [3, 3, 1]), (7, [7]), (8, [7])])
    func items(_ most: Int, _ expected: [Int]) throws {
        #expect(try build(Array(repeating: 5, count: 7), mostItems: most).map(\.items.count) == expected)
    }

    @Test("by bytes: never one above, and never one too few")
    func bytes() throws {
        let two = try build([10, 10]).map(\.requests.count)[0]
        #expect(try build([10, 10, 10], mostBytes: two).map(\.items.count) == [2, 1])
        #expect(try build([10, 10, 10], mostBytes: two - 1).map(\.items.count) == [1, 1, 1])
        for batch in try build([3, 99, 4, 50, 51, 0, 700], mostBytes: 200) where batch.items.count > 1 { #expect(batch.requests.count <= 200) }
    }

    @Test("an item larger than the bound travels alone")
    func large() throws { #expect(try build([5, 900, 5], mostBytes: 300).map(\.items.count) == [1, 1, 1]) }

    @Test("nothing makes no batch")
    func nothing() throws { #expect(try build([]).isEmpty) }
}

@Suite("Names in the landing zone")
struct LandingLayoutTests {
    @Test("are taken", arguments: ["a.csv", "A.CSV", "north/a.csv.gz", "north/erbil/محصول.csv", "tmp.csv"])
    func taken(_ name: String) { #expect(LandingLayout.reasonToWait(name) == nil) }

    @Test(
        "are left alone",
        arguments: [
            ".a.csv", "_a.csv", "_airbyte/a.csv", ".staging/x/a.csv", "a.csv.tmp", "a.csv.part", "a.csv.PARTIAL", "a.csv.filepart", "a.csv.crdownload", "a.csv~",
            "a.txt", "csv", "a.gz",
        ])
    func left(_ name: String) { #expect(LandingLayout.reasonToWait(name) != nil) }

    @Test(
        "files of one run never meet in one name among the rejected",
        arguments: [
            (["x.csv"], ["x.csv.rejected.csv"]), (["x.csv.rejected.csv"], ["x.csv.rejected.csv"]),
            (["x.csv", "x.csv.rejected.csv"], ["x.csv.new.rejected.csv", "x.csv.rejected.csv.rejected.csv"]),
        ])
    func rejectedNames(_ claimed: [String], _ expected: [String]) {
        let names = claimed.map { LandingLayout.rejectedName(of: $0, among: Set(claimed)) }
        #expect(names == expected)
        #expect(Set(names).count == names.count)
    }

    @Test("ranges without gaps", arguments: [([], []), ([3], [3..<4]), ([1, 2, 3], [1..<4]), ([0, 2, 3, 7], [0..<1, 2..<4, 7..<8])] as [([Int], [Range<Int>])])
    func ranges(_ numbers: [Int], _ ranges: [Range<Int>]) { #expect(numbers.ranges == ranges) }
}
