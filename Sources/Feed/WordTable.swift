internal import CFeedKernels

/// Words of the settings to other words: by their bytes, and if that fails without regard to case, blanks, `_` and `-`.
struct WordTable {
    private let targets: [(word: Text, target: Text)]
    private var byFingerprint: [UInt64: Int] = [:]
    private var byFolded: [String: Int] = [:]
    /// Longest text that is looked up, in bytes: a category of 750 characters.
    private static let longest = 3000

    /// `keep` copies a text for as long as the table lives.
    init(_ table: [String: String], keep: (String) -> Text) {
        targets = table.sorted { $0.key < $1.key }.map { (keep($0.key), keep($0.value)) }
        for (index, pair) in targets.enumerated() {
            byFingerprint[vf_fingerprint(pair.word.base, pair.word.count, 4)] = index
            byFolded[Self.folded(pair.word.string)] = index
        }
    }

    var isEmpty: Bool { targets.isEmpty }

    func target(of text: Text) -> Text? {
        guard text.count <= Self.longest else { return nil }
        if let index = byFingerprint[vf_fingerprint(text.base, text.count, 4)], targets[index].word.equals(text) { return targets[index].target }
        return byFolded[Self.folded(text.string)].map { targets[$0].target }
    }

    static func folded(_ text: String) -> String {
        text.composed.lowercased().split { $0.isWhitespace || $0 == "_" || $0 == "-" }.joined(separator: " ")
    }
}
