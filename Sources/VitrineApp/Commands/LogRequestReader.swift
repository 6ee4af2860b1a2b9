import Engine
import Events
import Investigation

/// The words of the command line into a question. - Throws: 64, naming the option.
struct LogRequestReader {
    private let request: LogsCommand.Request
    private let now: Timestamp

    init(_ request: LogsCommand.Request, now: Timestamp) {
        self.request = request
        self.now = now
    }

    func query() throws(RunStop) -> LogQuery {
        var query = LogQuery()
        query.since = try moment("--since", request.since)
        query.until = try moment("--until", request.until)
        if let since = query.since, let until = query.until, since >= until {
            throw stop("--until \(request.until ?? "")", "it is not later than --since, \(since.rfc3339)", "Give the earlier time to --since.")
        }
        query.runs = request.runs
        query.level = request.level
        query.events = request.events.flatMap { $0.split(separator: ",").map(String.init) }
        if !request.events.isEmpty, query.events.isEmpty { throw stop("--event", "it names no event", "Such as: --event item.refused,row.rejected or --event 'batch.*'") }
        for text in request.conditions { query.conditions.append(try condition(text)) }
        let choices = [query.runs.count, query.events.count, query.conditions.count].max() ?? 0
        guard choices <= LogQuery.mostChoices else {
            throw stop("the arguments", "there are \(choices) of one kind", "Ask for at most \(LogQuery.mostChoices) at once.")
        }
        query.grouping = try grouping()
        query.limit = request.count ? 0 : request.limit ?? query.limit
        query.context = request.context
        guard query.context * query.limit <= LogQuery.mostAround else {
            throw stop(
                "--context \(query.context)", "of each of \(query.limit) lines that is more than fits: \(LogQuery.mostAround) lines in all",
                "Ask for fewer lines: --limit \(LogQuery.mostAround / query.context)")
        }
        return query
    }

    private func moment(_ option: String, _ text: String?) throws(RunStop) -> Timestamp? {
        guard let text else { return nil }
        guard let moment = LogMoment.read(text, now: now) else {
            throw stop("\(option) \(text)", "it is no time", "Such as: -2h, 90m, today, yesterday, 14:05, 2026-11-21, 2026-11-21T08:00:00Z. All in UTC.")
        }
        return moment
    }

    private func condition(_ text: String) throws(RunStop) -> LogCondition {
        guard let condition = LogCondition(text) else {
            throw stop("--where \(text)", "it is no condition", "Such as: product_id=SKU-1, http_status>=500, msg~timeout, stage!=send. Signs: = != ~ !~ < <= > >=; a value that begins with one in quotes: value=\">1\"")
        }
        if [.matches, .doesNotMatch].contains(condition.operation), let problem = LogPatternProblem.of(condition.text) {
            throw stop("--where \(text)", "'\(condition.text)' is no regular expression: \(problem)", "It is a POSIX extended one; a sign such as ( or * is meant as itself behind a \\.")
        }
        return condition
    }

    private func grouping() throws(RunStop) -> LogGrouping? {
        let fields = request.groupBy.flatMap { $0.split(separator: ",").map(String.init) }
        if !request.groupBy.isEmpty, fields.isEmpty { throw stop("--group-by", "it names no field", "Such as: --group-by event,level") }
        guard !fields.isEmpty || request.bucket != nil else { return nil }
        guard fields.count <= LogGrouping.mostFields else {
            throw stop("--group-by", "there are \(fields.count) fields", "Group by at most \(LogGrouping.mostFields).")
        }
        var bucket: Duration?
        if let text = request.bucket {
            bucket = LogMoment.length(text)
            if bucket == nil { throw stop("--bucket \(text)", "it is no length of time", "Such as: --bucket 5m, 1h or 1d") }
        }
        return LogGrouping(fields: fields, bucket: bucket, top: request.top)
    }

    private func stop(_ culprit: String, _ detail: String, _ remedy: String) -> RunStop {
        RunStop(.usage, reason: "usage", culprit: culprit, detail: detail, remedy: remedy)
    }
}
