import Engine

/// Whether a run goes on after its rows are judged. Pure.
enum ValidationDecision {
    struct Counts {
        var files: Int
        var refusedFiles: Int
        /// Rows of files that were not refused.
        var rows: Int
        var rejected: Int
    }

    /// Nil: go on. A run without any row is no failure: it has nothing to do.
    static func stop(_ counts: Counts, settings: CatalogSyncConfiguration.Validation, pipeline: String, accepted: Bool) -> StopFacts? {
        if counts.files > 0, counts.refusedFiles == counts.files {
            return make("no_usable_file", pipeline, "none of the \(counts.files) files can be used", "Mend the files; each refusal is named above.")
        }
        if settings.strict, !accepted, counts.refusedFiles > 0 || counts.rejected > 0 {
            let what = "\(counts.rejected) rows and \(counts.refusedFiles) files were refused, and 'strict' is on"
            return make("strict", pipeline, what, wayOn(pipeline))
        }
        if counts.rows > 0, counts.rejected == counts.rows {
            return make("no_valid_row", pipeline, "none of the \(counts.rows) rows is valid", "Mend the rows: the first findings above name rule, row and hint.")
        }
        let share = counts.rows == 0 ? 0 : Double(counts.rejected) / Double(counts.rows)
        if share > settings.maxRejectedShare, counts.rejected >= settings.rejectedFloor, !accepted {
            let what =
                "\(counts.rejected) of \(counts.rows) rows (\(percent(share))) were rejected; 'max_rejected_share' is \(percent(settings.maxRejectedShare))"
            return make("rejected_share", pipeline, what, wayOn(pipeline))
        }
        return nil
    }

    private static func wayOn(_ pipeline: String) -> String {
        "Mend the rows, or let the valid ones go: vitrine run \(pipeline) --accept-rejected --reason TEXT"
    }

    private static func make(_ reason: String, _ culprit: String, _ detail: String, _ remedy: String) -> StopFacts {
        StopFacts(code: .validationFailed, reason: reason, culprit: culprit, detail: detail, remedy: remedy)
    }

    static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }
}
