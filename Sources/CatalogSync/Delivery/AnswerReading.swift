import MetaCatalog

/// Joins what Meta says by id to the items of a parcel. Pure.
struct AnswerReading {
    private let open: Set<Int>
    private let indices: [String: Int]
    /// Items of the batch that have a verdict already; Meta may name them again.
    private let settled: Set<String>

    /// `items` is the whole batch; only those whose index is in `open` can get a verdict.
    init(items: [BatchItem], open: [Int]) {
        self.open = Set(open)
        settled = open.count == items.count ? [] : Set(items.indices).subtracting(open).reduce(into: []) { $0.insert(items[$1].id) }
        indices = Dictionary(open.map { (items[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    static let noReason = "Meta refused it and gave no reason"

    func read(_ answer: BatchAnswer) -> PostFacts {
        var refused: [ItemMessage] = []
        var warned: [ItemMessage] = []
        var nameless: [String] = []
        for verdict in answer.verdicts {
            guard let index = verdict.retailerID.flatMap({ indices[$0] }) else {
                if verdict.retailerID.map({ !settled.contains($0) }) ?? true { nameless += verdict.errors }
                continue
            }
            refused += verdict.errors.map { ItemMessage(index: index, message: $0) }
            warned += verdict.warnings.map { ItemMessage(index: index, message: $0) }
        }
        if refused.isEmpty, answer.handle == nil || !nameless.isEmpty, let only = theOnlyOne {
            refused.append(ItemMessage(index: only, message: nameless.first ?? Self.noReason))
            nameless = []
        }
        return PostFacts(
            handle: answer.handle, refused: refused, warned: warned, unattributed: answer.handle == nil ? 0 : nameless.count)
    }

    /// An error envelope that blames the data of a batch: a single item is guilty, several are to be halved.
    func read(refusal message: String) -> PostFacts {
        PostFacts(handle: nil, refused: theOnlyOne.map { [ItemMessage(index: $0, message: message)] } ?? [], warned: [])
    }

    /// The refused are those in `ids_of_invalid_requests` and those that the sample of errors names. Where errors are counted and none of
    /// them can be laid at an item's door, the parcel has hidden ids.
    func read(_ status: HandleStatus) -> JudgeFacts {
        var messages: [Int: [String]] = [:]
        var isForeign = false
        for id in status.invalidIDs {
            if let index = indices[id] { messages[index, default: []] += [] } else if !settled.contains(id) { isForeign = true }
        }
        var nameless: [String] = []
        for error in status.errors {
            if let index = error.id.flatMap({ indices[$0] }) { messages[index, default: []].append(error.message) } else { nameless.append(error.message) }
        }
        let named = status.errors.count { $0.id.map { indices[$0] != nil || settled.contains($0) } ?? false }
        var hidden = status.invalidIDs.isEmpty ? status.errorsTotal > named : isForeign
        if hidden, messages.isEmpty, let only = theOnlyOne {
            messages[only] = [nameless.first ?? Self.noReason]
            hidden = false
        }
        let warned = status.warnings.compactMap { warning in
            warning.id.flatMap { indices[$0] }.map { ItemMessage(index: $0, message: warning.message) }
        }
        let reasons = Dictionary(grouping: warned, by: \.index)
        let refused = messages.sorted { $0.key < $1.key }.flatMap { index, texts in
            (texts.isEmpty ? reasons[index]?.map(\.message) ?? [Self.noReason] : texts).map { ItemMessage(index: index, message: $0) }
        }
        return JudgeFacts(refused: refused, warned: warned, errors: status.errorsTotal, warnings: status.warningsTotal, hidden: hidden)
    }

    private var theOnlyOne: Int? { open.count == 1 ? open.first : nil }
}

extension PostFacts {
    /// With the number of items that are as if they had not travelled: those that did for the first time, where Meta took nothing and did not
    /// name them.
    func returning(_ fresh: Set<Int>) -> PostFacts {
        guard handle == nil else { return self }
        var facts = self
        facts.returned = fresh.subtracting(refused.map(\.index)).count
        return facts
    }
}
