extension SyncReport {
    /// The numbers an alert rule can name: report paths with `_`.
    public static let figures: Set<String> = [
        "duration_seconds", "files_found", "files_taken", "files_rejected", "files_archived", "rows_read", "rows_rejected", "rows_superseded",
        "rows_unchanged", "rows_held", "rows_sent", "rows_pending", "items_sent", "items_accepted", "items_warned", "items_refused",
        "items_unknown", "batches_prepared", "batches_sent", "batches_failed", "handles_finished", "handles_failed", "handles_timed_out",
        "handle_errors", "handle_warnings", "requests_sent", "requests_retried", "still_refused", "resent_rows",
    ]
}
