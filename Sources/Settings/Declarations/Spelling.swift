/// Finds what somebody probably meant.
public enum Spelling {
    /// The word fewest edits away, if that is few enough for a slip of the fingers.
    public static func nearest(to word: String, in words: [String]) -> String? {
        let limit = max(1, min(3, word.count / 3))
        return words.map { ($0, distance(word.lowercased(), $0.lowercased())) }.filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
    }

    /// Insertions, deletions, replacements and swaps of neighbours (Damerau's distance, each place edited once).
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.prefix(64).unicodeScalars)
        let right = Array(right.prefix(64).unicodeScalars)
        var rows = [[Int]](repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
        for row in 0...left.count { rows[row][0] = row }
        for column in 0...right.count { rows[0][column] = column }
        for row in stride(from: 1, through: left.count, by: 1) {
            for column in stride(from: 1, through: right.count, by: 1) {
                let same = left[row - 1] == right[column - 1]
                var best = min(rows[row - 1][column] + 1, rows[row][column - 1] + 1, rows[row - 1][column - 1] + (same ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    best = min(best, rows[row - 2][column - 2] + 1)
                }
                rows[row][column] = best
            }
        }
        return rows[left.count][right.count]
    }
}
