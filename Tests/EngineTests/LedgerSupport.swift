import Engine
import Events
import Foundation

let file = FileFacts(name: "f.csv", outcome: "archived", rows: 3, sha256: "abc")
let parcel = ParcelFacts(name: "00001", handle: "h", items: 3, outcome: "finished", postedAt: time(1), endedAt: time(2))

func time(_ hour: Int) -> Timestamp { noon + .seconds(hour * 3_600) }

func run(_ number: Int, pipeline: String = "shop") -> RunFacts {
    RunFacts(
        runID: "run-\(number)", pipeline: pipeline, state: .done, startedAt: time(number), endedAt: time(number) + .seconds(60), settings: "s",
        report: "{\"run\":\(number)}")
}

func receipt(
    _ subject: String, _ end: Receipt.End, row: Int = 2, fileTime: Timestamp = noon, version: String? = nil, content: Fingerprint? = Fingerprint(0xc), traits: Traits? = nil,
    messages: [String] = [], rules: [String] = [], newer: String? = nil, at: Timestamp = time(1)
) -> Receipt {
    Receipt(
        subject: subject, end: end, file: "f.csv", row: row, fileTime: fileTime, version: version, content: content, traits: traits, parcel: "00001", handle: "h",
        messages: messages, rules: rules, newer: newer, at: at)
}

func rows(_ file: String, _ subjects: [String], version: String? = nil) -> UnchangedRows {
    var rows = UnchangedRows(file: file, fileTime: time(5))
    for (index, subject) in subjects.enumerated() { rows.append(subject, row: 10 + index, version: version) }
    return rows
}

extension Ledger {
    func take(_ run: RunFacts, _ receipts: [Receipt]) throws {
        try begin(run, files: [file], parcels: [parcel])
        try append(receipts, of: run)
        try finish(run)
    }
}

func withLedger(_ body: (Ledger) throws -> Void) throws {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    try body(try Ledger(folder: folder.path))
}
