/// Every field a log line can have beside `time`, `level`, `event`, `msg`, `pipeline`, `run_id`, `stage`, `trace_id`, `span_id` and `seq`,
/// which come from the scope and the sink. The list is closed, so that a query written today works tomorrow.
public enum FieldName: String, Sendable, CaseIterable {
    case file, row, column
    case productID = "product_id"
    case rule, severity, value, hint
    case batch, handle, attempt
    case errorCode = "error_code"
    case errorSubcode = "error_subcode"
    case httpStatus = "http_status"
    case fbtraceID = "fbtrace_id"
    case metaMessage = "meta_message"
    /// What `meta_message` says without what differs from item to item: at most 80 characters, the word that reports and lists group by.
    case family
    case durationMilliseconds = "duration_ms"
    case waitMilliseconds = "wait_ms"
    case state, reason, remedy, culprit, outcome
    case rows, items, bytes, files, batches
    case read, rejected, superseded, unchanged, held, sent, pending
    case accepted, warned, refused, unknown
    case errors, warnings
    case otherFile = "other_file"
    case otherRow = "other_row"
    case method, url, path, version, count, quota
    case usedRatio = "used_ratio"
    case api
    /// A moment, RFC 3339.
    case due
    case author, until
    case channel
}
