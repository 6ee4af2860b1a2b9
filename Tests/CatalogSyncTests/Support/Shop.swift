import TestKit

/// A made-up shop that exports deltas, and what must have become of each of its rows. Seeded.
struct Shop {
    private var dice: SeededGenerator
    private var revisions: [String: Int] = [:]
    private var exports = 0
    /// Every file ever written, with the time of its writing, in seconds.
    private(set) var written: [(file: FeedFile, time: Double)] = []

    /// Products that are changed again and again, also by files that arrive late.
    private let ids: [String]
    private let hasPoison: Bool

    init(seed: UInt64, products: Int, hasPoison: Bool) {
        dice = SeededGenerator(seed: seed)
        ids = (1...products).map { "sku-\($0)" }
        self.hasPoison = hasPoison
    }

    static let poisonWord = "cursed"

    /// One to four files, at least one of them good. `time`: seconds; each file is a second younger than the one before.
    mutating func export(at time: Double) -> [(file: FeedFile, time: Double)] {
        exports += 1
        let count = Int.random(in: 1...4, using: &dice)
        var files: [(file: FeedFile, time: Double)] = []
        for number in 1...count {
            let ending = dice.chance(0.3) ? ".csv.gz" : ".csv"
            let folder = dice.chance(0.2) ? "north/" : ""
            let isRefused = number > 1 && dice.chance(0.15)
            // A late file is older than all of this export.
            let isLate = number > 1 && exports > 1 && dice.chance(0.2)
            var rows = (0..<Int.random(in: 1...9, using: &dice)).map { _ in row(late: isLate) }
            if number == 1 { rows.append(FeedRow("anchor-\(exports)")) }
            files.append((
                FeedFile("\(folder)export-\(exports)-\(number)\(ending)", rows, isRefused: isRefused), isLate ? time - 5000 + Double(number) : time + Double(number)
            ))
        }
        written += files
        return files
    }

    /// Late files have products that other files have too, with old contents and new ones.
    private mutating func row(late: Bool) -> FeedRow {
        if dice.chance(0.06) { return FeedRow("", flaw: .noID) }
        let id = dice.chance(late ? 1 : 0.25) ? "late-\(Int.random(in: 1...6, using: &dice))" : ids.randomElement(using: &dice)!
        if !dice.chance(0.3) || revisions[id] == nil { revisions[id, default: 0] += 1 }
        let flaw: FeedRow.Flaw? = dice.chance(0.1) ? (dice.chance(0.5) ? .price : .ragged) : nil
        return FeedRow(id, revisions[id]!, flaw: flaw, word: hasPoison && Self.poisoned.contains(id) ? Self.poisonWord : "")
    }

    private static let poisoned: Set<String> = ["sku-7", "sku-18"]

    /// The newest valid row of each product, in the order of the files.
    var newest: [String: (file: String, row: FeedRow)] {
        var found: [String: (file: String, row: FeedRow)] = [:]
        for (file, _) in written.sorted(by: { ($0.time, $0.file.name) < ($1.time, $1.file.name) }) where !file.isRefused {
            for row in file.rows where row.flaw == nil { found[row.id] = (file.name, row) }
        }
        return found
    }

    /// All newest rows once more, in one file.
    mutating func exportAll(at time: Double) -> (file: FeedFile, time: Double) {
        exports += 1
        let export = (FeedFile("all-\(exports).csv", newest.sorted { $0.key < $1.key }.map(\.value.row)), time)
        written.append(export)
        return export
    }

    func file(_ name: String) -> FeedFile? { written.first { $0.file.name == name }?.file }
}
