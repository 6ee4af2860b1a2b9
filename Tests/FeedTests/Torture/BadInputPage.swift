@testable import Feed

/// The page that tells what bad input gets: made of what Vitrine really says to the torture files.
enum BadInputPage {
    static func markdown(_ cases: [TortureCase]) async throws -> String {
        var page = """
            # What bad input gets

            A file that cannot be trusted is refused as a whole: it moves to `rejected/`, with the reason beside it, and the other files go on. A row
            that cannot be sent is rejected: it is written to a file of rejected rows, to be mended and dropped back in, and the other rows go on. What is
            only odd is sent, and reported. Nothing is skipped in silence.

            This page is written by the tests (`RECORD_GOLDEN=1 swift test --filter TortureTests`): each line is a file that they read, and what
            Vitrine said to it. Limits and severities are those without settings, unless the name says otherwise. All rules: [rules.md](rules.md).


            """
        for chapter in TortureCase.Chapter.allCases {
            page += "## \(chapter.rawValue)\n\n"
            page += chapter == .right ? "| what comes | for example | what is sent |\n|---|---|---|\n" : "| what comes | for example | what becomes of it | what Vitrine says | how to mend it |\n|---|---|---|---|---|\n"
            for test in cases where test.chapter == chapter { page += try await line(test) }
            page += "\n"
        }
        return page
    }

    private static func line(_ test: TortureCase) async throws -> String {
        let found = try await scan(test.bytes, options: test.options)
        var cells = [test.name, code(test.example)]
        if case .read(let items) = test.expectation {
            cells.append(items.map { $0.sorted { $0.key < $1.key }.map { code("\($0.key): \($0.value)") }.joined(separator: " ") }.joined(separator: ", "))
        } else if let refusal = found.refusal {
            cells += ["file refused", "\(refusal.rule.rawValue)\(refusal.line > 0 ? ", line \(refusal.line)" : ""): \(escaped(refusal.message))", escaped(refusal.remedy)]
        } else {
            cells += try await told(test, found)
        }
        return "| " + cells.joined(separator: " | ") + " |\n"
    }

    private static func told(_ test: TortureCase, _ found: FileScan) async throws -> [String] {
        var entries = found.tally.entries
        var end = "sent, with a note"
        if case .rejected = test.expectation {
            end = "row rejected"
            entries = entries.filter { $0.severity >= .error }
        } else if case .warned(let rules) = test.expectation {
            if rules.isEmpty {
                let source = MemoryByteSource(test.bytes)
                entries = try await resolve([found], sources: [source], options: test.options).tally.entries
                end = "sent once"
            } else {
                entries = entries.filter { rules.contains($0.rule) }
                if found.rowCount == 0 { end = "nothing to do" }
            }
        }
        let says = entries.map { entry in
            let example = entry.examples[0]
            let place = example.row > 0 ? ", line \(example.row)" : ""
            return "\(entry.rule.rawValue)\(place)\(example.column.isEmpty ? "" : " `\(example.column)`")\(example.value.isEmpty ? "" : ": \(code(example.value))")"
        }
        let first = entries.first?.examples.first?.hint ?? ""
        return [end, says.joined(separator: "<br>"), escaped(first)]
    }

    /// At most so many characters of an example.
    private static let exampleLimit = 60

    private static func code(_ text: String) -> String {
        let shown = Finding.shown(text)
        let short = shown.count > exampleLimit ? shown.prefix(exampleLimit) + "…" : shown[...]
        return "`" + short.replacing("`", with: "'").replacing("|", with: "\\|") + "`"
    }

    private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("<", with: "&lt;") }
}
