/// Somebody who follows runs from their beginning to their end, to tell people of them. Neither may fail a run: both only hear.
public protocol RunWitness: Sendable {
    /// A run has its journal, or goes on from it.
    func began(runID: String) async

    /// The run is about to get its report, which is complete but for what this returns. Told once more when late verdicts amend it, and when a
    /// crash came in between.
    /// - Returns: what people were told because of it, for the report's `alerts`.
    func closing(_ report: SyncReport, isAmendment: Bool) async -> [String]
}
