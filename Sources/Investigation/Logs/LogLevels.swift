import Events

/// Levels in lines of ours, and under the names that other programs give them, in small letters or in capitals.
enum LogLevels {
    static let slot = LogLineReader.Slot("level", "severity", "lvl")

    private static let names: [(StaticString, Level)] = [
        ("info", .info), ("warning", .warning), ("error", .error), ("debug", .debug), ("warn", .warning), ("err", .error), ("fatal", .error),
        ("critical", .error), ("crit", .error), ("notice", .info), ("trace", .debug),
    ]

    /// Nil for a word that is no level.
    static func read(_ word: LogBytes) -> Level? {
        for (name, level) in names where name.utf8CodeUnitCount == word.count {
            let letters = LogBytes(start: name.utf8Start, count: name.utf8CodeUnitCount)
            if word.elementsEqual(letters) || zip(word, letters).allSatisfy({ $0 == $1 & ~0x20 }) { return level }
        }
        return nil
    }

    /// Texts of which every line of this level or a worse one has at least one; empty where that says little.
    static func needles(from level: Level) -> [String] {
        let errors = [#""err"#, #""ERR"#, #""fatal"#, #""FATAL"#, #""crit"#, #""CRIT"#]
        return switch level {
        case .error: errors
        case .warning: errors + [#""warn"#, #""WARN"#]
        case .debug, .info: []
        }
    }
}
