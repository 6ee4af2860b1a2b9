import Engine

/// Whether a run goes on after its rows are judged. Pure.
enum ValidationDecision {
    struct Counts {
        var files: Int
        var refusedFiles: Int
        /// Rows of files that were not refused.
        var rows: Int
        var rejected: Int
        /// The rule that stopped most rows, and how to mend them.
        var mainCause: MainCause?
    }

    struct MainCause {
        var rule: String
        var title: String
        var rows: Int
        var hint: String
    }

    /// Nil: go on. A run without any row is no failure: it has nothing to do.
    static func stop(_ counts: Counts, settings: CatalogSyncConfiguration.Validation, pipeline: String, accepted: Bool) -> StopFacts? {
        if counts.files > 0, counts.refusedFiles == counts.files {
            return make("no_usable_file", pipeline, "none of the \(counts.files) files can be used", "Mend the files; each refusal is named above.")
        }
        if settings.strict, !accepted, counts.refusedFiles > 0 || counts.rejected > 0 {
            let what = "\(counts.rejected) rows and \(counts.refusedFiles) files were refused, and 'strict' is on"
            return make("strict", pipeline, what, wayOn(pipeline, counts))
        }
        if counts.rows > 0, counts.rejected == counts.rows {
            return make("no_valid_row", pipeline, "none of the \(counts.rows) rows is valid", mend(counts) + " See the findings for file and row.")
        }
        let share = counts.rows == 0 ? 0 : Double(counts.rejected) / Double(counts.rows)
        if share > settings.maxRejectedShare, counts.rejected >= settings.rejectedFloor, !accepted {
            let what =
                "\(counts.rejected) of \(counts.rows) rows (\(percent(share))) were rejected; 'max_rejected_share' is \(percent(settings.maxRejectedShare))"
            return make("rejected_share", pipeline, what, wayOn(pipeline, counts))
        }
        return nil
    }

    private static func wayOn(_ pipeline: String, _ counts: Counts) -> String {
        // A file that is planned without settings has no pipeline to run.
        pipeline.isEmpty ? mend(counts) : "\(mend(counts)) Or let the valid ones go: vitrine run \(pipeline) --accept-rejected --reason TEXT"
    }

    /// Often one cause stops all rows, and one setting mends them.
    private static func mend(_ counts: Counts) -> String {
        guard let cause = counts.mainCause else { return "Mend the rows." }
        return "Mend the rows. \(cause.rule) (\(cause.title)) stopped \(cause.rows) of them: \(cause.hint)"
    }

    private static func make(_ reason: String, _ culprit: String, _ detail: String, _ remedy: String) -> StopFacts {
        StopFacts(code: .validationFailed, reason: reason, culprit: culprit.isEmpty ? "the rows" : culprit, detail: detail, remedy: remedy)
    }

    static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }
}
