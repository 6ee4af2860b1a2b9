import CFeedKernels

/// Texts without one of which no line can match: what is looked for before a line is taken apart. Each set stands for one thing that is asked; a
/// line that matches has at least one text of every set.
///
/// That a writer escapes a plain letter or digit (`\u0061` for `a`) is allowed by JSON and done by nobody we know; such lines are not found.
struct LogNeedles {
    let sets: [[[UInt8]]]

    init(_ query: LogQuery) {
        let levels: [[UInt8]?] = query.level.map { LogLevels.needles(from: $0).map { Array($0.utf8) } } ?? []
        let events: [[UInt8]?] = query.events.map { $0.hasSuffix("*") ? Self.begun($0.dropLast()) : Self.quoted($0) }
        let sets: [[[UInt8]?]] = [query.runs.map(Self.quoted), events, levels] + query.conditions.map { [Self.needle(for: $0)] }
        self.sets = sets.compactMap { set in
            let known = set.compactMap(\.self)
            let isUsable = !set.isEmpty && known.count == set.count && known.count <= Int(VF_TEXTS)
            return isUsable ? known : nil
        }
    }

    private static func needle(for condition: LogCondition) -> [UInt8]? {
        // `time` and `level` go by many names; without its name no other field is there.
        let isRenamed = ["time", "level"].contains(condition.field)
        let name = isRenamed ? nil : whole(condition.field)
        switch condition.operation {
        case .equal: return mayBeUnquoted(condition.text) ? name : quoted(condition.text) ?? name
        case .matches: return (isLiteral(condition.text) ? plainPart(of: Array(condition.text.utf8)) : nil) ?? name
        case .less, .lessOrEqual, .greater, .greaterOrEqual: return name
        case .unequal, .doesNotMatch: return nil
        }
    }

    /// A number has many forms (7, 7.0, 7e0), and a flag no quotes.
    private static func mayBeUnquoted(_ text: String) -> Bool {
        ["true", "false"].contains(text) || text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
    }

    private static func isLiteral(_ pattern: String) -> Bool { !pattern.contains { "\\^$.[]|()*+?{}".contains($0) } }

    private static func whole(_ name: String) -> [UInt8]? { name.utf8.allSatisfy(isNeverEscaped) ? cut(Array("\"\(name)\"".utf8)) : nil }

    /// A value in its quotes where all of it is written as it is, else a part of it.
    private static func quoted(_ value: String) -> [UInt8]? {
        let bytes = Array(value.utf8)
        return bytes.allSatisfy(isNeverEscaped) ? cut(Array("\"".utf8) + bytes + Array("\"".utf8)) : plainPart(of: bytes)
    }

    private static func begun(_ value: Substring) -> [UInt8]? {
        let plain = value.utf8.prefix(while: isNeverEscaped)
        return plain.isEmpty ? nil : cut(Array("\"".utf8) + plain)
    }

    /// The longest stretch that every writer writes as it is; nil where that is shorter than two bytes.
    private static func plainPart(of bytes: [UInt8]) -> [UInt8]? {
        let longest = bytes.split { !isNeverEscaped($0) }.max { $0.count < $1.count } ?? []
        return longest.count >= 2 ? cut(Array(longest)) : nil
    }

    private static func cut(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.prefix(Int(VF_TEXT_BYTES))) }

    /// Some writers escape `/`, `<`, `>`, `&`, `'`, `=`, `+` or the grave accent for the sake of web pages, and everything beyond ASCII.
    private static func isNeverEscaped(_ byte: UInt8) -> Bool { (0x20..<0x7F).contains(byte) && !escapedBySome.contains(byte) }
    private static let escapedBySome = Set("\"\\/<>&'=+`".utf8)

    /// Chooses by a sample of the bytes which set is the rarest there, and which pair of each text.
    /// - Returns: nil where every line has to be looked at.
    func rarest(in sample: LogBytes) -> vf_texts? {
        guard let base = sample.baseAddress, !sets.isEmpty else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 65_536) { pairs in
            vf_count_pairs(base, sample.count, pairs.baseAddress)
            var best: (texts: vf_texts, cost: Int)?
            for set in sets {
                let texts = Self.texts(set, pairs)
                let cost = Self.cost(texts, sample, pairs)
                if best.map({ cost < $0.cost }) ?? true { best = (texts, cost) }
            }
            return best?.texts
        }
    }

    private static func texts(_ set: [[UInt8]], _ pairs: UnsafeMutableBufferPointer<UInt16>) -> vf_texts {
        var texts = vf_texts()
        vf_texts_clear(&texts)
        for text in set {
            let anchor = (0..<text.count - 1).min { count($0, text, pairs) < count($1, text, pairs) } ?? 0
            vf_texts_add(&texts, text, text.count, anchor)
        }
        return texts
    }

    private static func count(_ place: Int, _ text: [UInt8], _ pairs: UnsafeMutableBufferPointer<UInt16>) -> UInt16 {
        pairs[Int(text[place]) << 8 | Int(text[place + 1])]
    }

    /// A line to take apart costs about as much as a kilobyte passed by.
    private static let costOfLine = 1_000

    private static func cost(_ texts: vf_texts, _ sample: LogBytes, _ pairs: UnsafeMutableBufferPointer<UInt16>) -> Int {
        var hits = 0
        var place = 0
        withUnsafePointer(to: texts) { texts in
            while true {
                place = vf_find(texts, sample.baseAddress, sample.count, place)
                if place >= sample.count { break }
                hits += 1
                place += 1
            }
        }
        return hits * costOfLine + Int(texts.count)
    }
}
