import Events

/// Groups in the order in which they are told: the most frequent first, or span by span.
struct LogRanking {
    private let grouping: LogGrouping
    private let groups: LogGroups

    init(_ grouping: LogGrouping, _ groups: LogGroups) {
        self.grouping = grouping
        self.groups = groups
    }

    func rank(into answer: inout LogAnswer) {
        let all = groups.entries.map { entry in
            let (bucket, values) = LogGroupKey.read(groups.key(of: entry), hasBucket: grouping.bucket != nil)
            return LogAnswer.Group(bucket: bucket, values: values, count: entry.count, first: entry.first, last: entry.last)
        }
        // Of spans, a group stays or goes as a whole: so the spans of one can be held against each other.
        var totals: [[String?]: Int] = [:]
        for group in all { totals[group.values, default: 0] += group.count }
        let ranked = totals.sorted { $0.value != $1.value ? $0.value > $1.value : Self.precedes($0.key, $1.key) }
        let told = Set(ranked.prefix(grouping.top).map(\.key))
        let rest = ranked.dropFirst(grouping.top)
        answer.groups = all.filter { told.contains($0.values) }.sorted { a, b in
            if grouping.bucket != nil, a.bucket != b.bucket { return (a.bucket ?? .distantPast) < (b.bucket ?? .distantPast) }
            return a.count != b.count ? a.count > b.count : Self.precedes(a.values, b.values)
        }
        answer.otherGroups = .init(groups: rest.count, lines: rest.reduce(groups.letGo) { $0 + $1.value })
        answer.mostMissing = groups.mostMissing
        answer.isCut = answer.otherGroups.lines > 0
    }

    private static func precedes(_ a: [String?], _ b: [String?]) -> Bool { a.map { $0 ?? "" }.lexicographicallyPrecedes(b.map { $0 ?? "" }) }
}
