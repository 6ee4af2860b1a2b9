internal import CFeedKernels
internal import Synchronization

/// Tells where the first record of each block starts, while the blocks are being read by several workers.
///
/// Each block is surveyed for both states that it may start in; its state is known from the quotes of the blocks before it. Blocks are taken in
/// order, and whoever has taken one surveys it before it waits, so nobody waits for long, or for somebody who waits.
///
/// Counting quotes is only right while every quote opens, closes or is doubled. A quote amid an unquoted field (`12" screen`) breaks the count: from
/// the block where one may be, no place is told, and the rest is for `RecordFollower`.
final class RecordChain: Sendable {
    struct Place: Sendable {
        let offset: Int
        /// Physical line of the byte at `offset`.
        let line: Int
    }

    /// What is known when all blocks have been surveyed.
    struct Summary: Sendable {
        /// The file ends inside quotes. Not to be trusted where `isTrusted` is false.
        var endsInQuotes = false
        var loneCRs = 0
        /// First NUL byte: the block it is in, with that block's first line, and its place.
        var nul: (block: Place, offset: Int)?
        /// Quotes could be counted to the end.
        var isTrusted = true
    }

    private let blockBytes: Int
    private let state: Mutex<State>

    init(header: Header, blockBytes: Int) {
        self.blockBytes = blockBytes
        state = Mutex(State(offset: header.dataOffset, line: header.dataLine))
    }

    var summary: Summary { state.withLock { $0.summary } }

    /// The start of the first record of a block, or of what is left of it: nil where no record starts in it, or where that cannot be told.
    func enter(_ block: Int, _ survey: vf_survey) async throws -> Place? {
        let (place, ready) = state.withLock { state in
            state.surveys[block] = survey
            let ready = state.advance(blockBytes)
            return (state.places.removeValue(forKey: block), ready)
        }
        for (waiting, place) in ready { waiting.resume(returning: place) }
        if let place { return place }
        return try await withCheckedThrowingContinuation { waiting in
            let known: Result<Place?, any Error>? = state.withLock { state in
                if let error = state.failure { return .failure(error) }
                if let place = state.places.removeValue(forKey: block) { return .success(place) }
                state.waiting[block] = waiting
                return nil
            }
            if let known { waiting.resume(with: known) }
        }
    }

    /// A block will never be surveyed: those who wait for it are told why.
    func fail(_ error: any Error) {
        let waiting = state.withLock { state in
            state.failure = state.failure ?? error
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for one in waiting { one.resume(throwing: error) }
    }

    private struct State {
        /// Of the next block whose state is not known yet.
        var next = 0
        var offset: Int
        var line: Int
        var isInQuotes = false
        var summary = Summary()
        var surveys: [Int: vf_survey] = [:]
        var places: [Int: Place?] = [:]
        var waiting: [Int: CheckedContinuation<Place?, any Error>] = [:]
        var failure: (any Error)?

        init(offset: Int, line: Int) {
            self.offset = offset
            self.line = line
        }

        /// Goes on as far as surveys are there. Returns those who have waited, and for what.
        mutating func advance(_ blockBytes: Int) -> [(CheckedContinuation<Place?, any Error>, Place?)] {
            var ready: [(CheckedContinuation<Place?, any Error>, Place?)] = []
            while let survey = surveys.removeValue(forKey: next) {
                let place = take(survey)
                if let waiting = waiting.removeValue(forKey: next) { ready.append((waiting, place)) } else { places[next] = .some(place) }
                next += 1
                offset += blockBytes
            }
            return ready
        }

        private mutating func take(_ survey: vf_survey) -> Place? {
            defer {
                if survey.quotes & 1 == 1 { isInQuotes.toggle() }
                line += Int(survey.newlines)
                summary.endsInQuotes = isInQuotes
            }
            summary.loneCRs += Int(survey.lone_cr)
            if summary.nul == nil, survey.nul_at != .max {
                summary.nul = (Place(offset: offset, line: line), offset + Int(survey.nul_at))
            }
            if isInQuotes ? survey.stray.1 : survey.stray.0 { summary.isTrusted = false }
            guard summary.isTrusted else { return nil }
            if next == 0 { return Place(offset: offset, line: line) }
            let (end, lines) = isInQuotes ? (survey.first_end.1, survey.lines_to_end.1) : (survey.first_end.0, survey.lines_to_end.0)
            return end == .max ? nil : Place(offset: offset + Int(end) + 1, line: line + Int(lines))
        }
    }
}
