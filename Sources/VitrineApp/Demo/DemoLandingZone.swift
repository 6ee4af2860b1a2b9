import FoundationEssentials

/// A landing zone to try Vitrine on: products of an invented shop in English, Arabic and Kurdish, with the mistakes shops make.
///
/// Everything is made by code from a seed: the same seed gives the same bytes. Three files under `data/`:
///
/// | file | rows | about |
/// |---|---|---|
/// | `baghdad/store-2026-11-18.csv` | 140 | Arabic and Kurdish, prices in IQD, columns in another order, byte order mark |
/// | `online-2026-11-19.csv` | 220 | English, USD |
/// | `online-update-2026-11-20.csv` | 120 | English, EUR, CRLF, descriptions of several lines; twelve rows are newer versions of products in the file before |
///
/// The files are written oldest first, and their names sort in the same order, so the newest row of an id is the same by time and by name.
/// About one row in eighteen has a `DemoMistake`. Six rows pass our checks and are refused by the sandbox with `FaultPlan.demo`: four links lead to
/// `outlet.example`, which is not the shop's domain, and two titles say `Replica`.
public struct DemoLandingZone {
    /// Rows that the sandbox refuses with `FaultPlan.demo` although nothing is wrong with them here.
    public static let refusedBySandbox = 6
    /// Rows whose id comes again in a newer file.
    public static let superseded = 12

    /// Writes the files; existing ones of the same name are replaced.
    /// - Parameter directory: the root of the landing zone; `data/` is made in it.
    /// - Returns: the names of the files relative to `data/`, oldest first.
    /// - Throws: `DemoError` naming the path that could not be written.
    public static func write(to directory: String, seed: UInt64) throws -> [String] {
        let files = files(seed: seed)
        for file in files { try write(file.csv, to: directory + "/data/" + file.name) }
        return files.map(\.name)
    }

    struct File {
        var name: String
        var csv: String
    }

    static func files(seed: UInt64) -> [File] {
        var random = DemoRandom(seed: seed)
        var products = DemoProducts(random: &random)
        let store = products.take(140, from: .store)
        var online = products.take(220, from: .online)
        let repeated = Array(online.suffix(superseded))
        var update = products.take(120 - superseded, from: .update) + repeated.map { products.newer($0) }
        update.shuffle(using: &random)
        Self.leadAway(&online, keeping: Set(repeated.map(\.id)))
        let mistakes = MistakePlacer(spared: Set(repeated.map(\.id)))
        return [
            File(name: "baghdad/store-2026-11-18.csv", csv: DemoCSV(.storeExport).text(mistakes.rows(store, .inStore, &random))),
            File(name: "online-2026-11-19.csv", csv: DemoCSV(.plain).text(mistakes.rows(online, .online, &random))),
            File(name: "online-update-2026-11-20.csv", csv: DemoCSV(.windows).text(mistakes.rows(update, .inUpdate, &random))),
        ]
    }

    /// Four links to a domain that is not the shop's, two names the policy forbids: what only Meta can see.
    private static func leadAway(_ products: inout [DemoProduct], keeping spared: Set<String>) {
        var left = refusedBySandbox
        for index in products.indices where index % 31 == 7 && left > 0 && !spared.contains(products[index].id) {
            if left > 2 {
                products[index].link = "https://outlet.example/p/\(products[index].id)"
            } else {
                products[index].title = "Replica " + products[index].title
            }
            products[index].isMarked = true
            left -= 1
        }
    }

    private static func write(_ text: String, to path: String) throws(DemoError) {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: path))
        } catch {
            throw DemoError(culprit: path, remedy: "Choose a folder that can be written to.", cause: error)
        }
    }
}
