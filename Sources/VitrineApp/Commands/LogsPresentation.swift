import CatalogSync
import Engine
import Events
import Investigation

/// The answer of `vitrine logs` in words, as JSON and as a sheet.
struct LogsPresentation {
    private let query: LogQuery
    private let answer: LogAnswer
    private let request: LogsCommand.Request
    private let now: Timestamp
    private let text: LogLineText

    init(_ query: LogQuery, _ answer: LogAnswer, request: LogsCommand.Request, style: LogStyle, now: Timestamp = .now) {
        self.query = query
        self.answer = answer
        self.request = request
        self.now = now
        text = LogLineText(style: style, raw: request.raw)
    }

    var outcome: Outcome {
        var outcome = Outcome(code: .success, text: words, json: JSONDocument.bytes(LogsDocument(query, answer)))
        outcome.csv = query.grouping == nil ? sheetOfLines : sheetOfGroups
        outcome.notes = notes
        return outcome
    }

    private var words: String {
        if request.count { return "\(answer.matched)\n" }
        return query.grouping == nil ? lines : table
    }

    private var lines: String {
        var words: [String] = []
        for (place, line) in answer.lines.enumerated() {
            if query.context > 0, place > 0 { words.append("--") }
            words += line.before.map { Self.indent + text.context($0) }
            words.append((query.context > 0 ? Self.mark : "") + text.text(line.bytes))
            words += line.after.map { Self.indent + text.context($0) }
        }
        return words.map { $0 + "\n" }.joined()
    }

    /// Of lines with a context.
    private static let mark = "> "
    private static let indent = "  "

    private var table: String {
        guard !answer.groups.isEmpty else { return "" }
        let fields = query.grouping?.fields ?? []
        let hasBucket = query.grouping?.bucket != nil
        let head = (hasBucket ? ["from"] : []) + fields + ["lines", "first", "last"]
        let rows = answer.groups.map { group in
            (hasBucket ? [group.bucket?.rfc3339 ?? "-"] : []) + group.values.map { $0.map { Shown.line($0, limit: 120) } ?? "-" }
                + ["\(group.count)", group.first?.rfc3339 ?? "-", group.last?.rfc3339 ?? "-"]
        }
        let number = (hasBucket ? 1 : 0) + fields.count
        return TextTable.text(head, rows, numbersFrom: number, to: number)
    }

    /// For people, beside the answer.
    private var notes: [String] {
        var notes: [String] = []
        if query.grouping == nil, answer.isCut, !request.count { notes.append("The newest \(answer.lines.count) of \(answer.matched) lines that match. All: --limit \(answer.matched)") }
        if query.grouping == nil, answer.matched == 0 { notes.append("No line matches\(span).") }
        if query.grouping != nil, answer.groups.isEmpty { notes.append("No line matches\(span).") }
        if answer.otherGroups.lines > 0 {
            notes.append("\(answer.otherGroups.lines) lines of \(answer.otherGroups.groups) more groups are not shown. More: --top N")
        }
        if answer.mostMissing > 0 { notes.append("There were more groups than are kept at once: a count may be too low by up to \(answer.mostMissing).") }
        if let since = query.since, since > now { notes.append("--since is in the future: it is \(now.rfc3339) now. Times are UTC.") }
        return notes + LogNameHints(query, answer).notes + problemNotes
    }

    /// What was not read.
    var problemNotes: [String] {
        (answer.unreadable > 0 ? [Self.passedOver(answer.unreadable)] : []) + answer.problems.map { "\(Shown.line($0.file)): \($0.problem)" }
    }

    static func passedOver(_ lines: Int) -> String {
        "\(lines) \(lines == 1 ? "line" : "lines") looked at \(lines == 1 ? "is no JSON object" : "are no JSON objects"), or longer than \(LogSearch.longestLine >> 20) MiB: passed over."
    }

    private var span: String {
        let files = answer.files.count
        return " in \(files) \(files == 1 ? "file" : "files")" + (query.since.map { " since \($0.rfc3339)" } ?? "") + (query.until.map { " until \($0.rfc3339)" } ?? "")
    }

    private var sheetOfLines: [UInt8] {
        let records = answer.lines.map { LogRecord($0.bytes) }
        let leading = ["pipeline", "run_id", "stage"]
        let others = Set(records.flatMap { $0.others.map(\.name) }).subtracting(leading).sorted()
        var sheet = SpreadsheetCSV(header: ["time", "level", "event", "msg"] + leading + others + ["log_file"])
        for (line, record) in zip(answer.lines, records) {
            let own = [record.time, record.level?.name, record.event, record.message].map { $0 ?? "" }
            sheet.append(own + (leading + others).map { record[$0] ?? "" } + [answer.files[line.file].name])
        }
        return sheet.bytes
    }

    private var sheetOfGroups: [UInt8] {
        let hasBucket = query.grouping?.bucket != nil
        var sheet = SpreadsheetCSV(header: (hasBucket ? ["from"] : []) + (query.grouping?.fields ?? []) + ["lines", "first", "last"])
        for group in answer.groups {
            sheet.append(
                (hasBucket ? [group.bucket?.rfc3339 ?? ""] : []) + group.values.map { $0 ?? "" }
                    + ["\(group.count)", group.first?.rfc3339 ?? "", group.last?.rfc3339 ?? ""])
        }
        return sheet.bytes
    }
}
