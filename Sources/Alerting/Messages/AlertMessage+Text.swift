extension AlertMessage {
    /// For the plain part of a mail and for channels that know nothing else. Lines end with a line feed.
    var text: String {
        var lines = [headline, ""]
        let width = facts.map(\.name.count).max() ?? 0
        lines += facts.map { "\($0.name)\(String(repeating: " ", count: width - $0.name.count))  \($0.value)" }
        if let explanation { lines += ["", explanation] }
        if !families.isEmpty { lines += ["", "What was said, and of how many:"] }
        for family in families {
            lines.append("  \(family.count) × \(family.title) (\(family.trend))")
            for example in family.examples { lines += ["      \(example.place)", "        \(example.message)"] }
        }
        if let lastGood, !changes.isEmpty {
            lines += ["", "Changed since the last good run (\(lastGood)):"] + changes.map { "  \($0.name): \($0.value)" }
        } else if let lastGood {
            lines += ["", "Last good run: \(lastGood)"]
        }
        if !commands.isEmpty { lines += ["", "Look further:"] + commands.map { "  \($0)" } }
        if !links.isEmpty { lines += [""] + links.map { "\($0.name): \($0.url)" } }
        if !remarks.isEmpty { lines += [""] + remarks }
        return lines.joined(separator: "\n") + "\n"
    }
}
