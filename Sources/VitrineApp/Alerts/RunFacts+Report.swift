import Alerting
import CatalogSync
import Engine
import Events
import Feed

extension Alerting.RunFacts {
    /// What the rules look at, of a report. Nil of a run that has not ended.
    /// - Parameters:
    ///   - isStored: whether the report can be asked for; that of a run that came to no journal cannot.
    ///   - config: of the commands with which a person looks further; nil where they need none.
    init?(_ report: SyncReport, isStored: Bool = true, config: String?, at now: Timestamp) {
        guard let state = State(rawValue: report.state.rawValue), let json = try? report.json() else { return nil }
        self.init(
            pipeline: report.pipeline, runID: report.runID, state: state, endedAt: report.endedAt ?? now, figures: ReportFigures.read(json: json),
            ends: Self.ends(of: report), isOutage: Self.isOutage(report), families: Self.families(of: report),
            explanation: report.error.map { "\($0.detail). \($0.remedy)" } ?? report.inWords, commands: Self.commands(for: report, isStored, config))
    }

    private static func ends(of report: SyncReport) -> [AlertEnd] {
        var ends: [AlertEnd] = []
        switch report.error?.code {
        case ExitCode.permission.name: ends.append(report.error?.reason == "token" ? .token : .permission)
        case ExitCode.settings.name: ends.append(.settings)
        case ExitCode.cannotWrite.name: ends.append(.cannotWrite)
        // What Meta takes nothing of: the catalogue is not there, or not for us.
        case ExitCode.serviceUnavailable.name where meansNoAccess.contains(report.error?.reason ?? ""): ends.append(.permission)
        default: break
        }
        if report.state == .validationFailed { ends.append(.validationFailed) }
        if report.state == .held { ends.append(.held) }
        if !report.balanced || report.settled.contains(where: { !$0.isBalanced }) { ends.append(.books) }
        return ends
    }

    private static let meansNoAccess: Set = ["bad_request", "everything_refused"]

    private static func isOutage(_ report: SyncReport) -> Bool {
        report.error.map { $0.code == ExitCode.serviceUnavailable.name && !meansNoAccess.contains($0.reason) } ?? false
    }

    private static func families(of report: SyncReport) -> [ErrorFamily] {
        // What Meta does not explain beside what it does is most likely the same, and no news of its own.
        let explained = report.refusals.filter { $0.family != SyncReport.Refusals.unexplained }
        let refused = (explained.isEmpty ? report.refusals : explained).map { refusals in
            ErrorFamily(
                key: ErrorFamily.key(of: refusals.family), count: refusals.count,
                examples: refusals.examples.map {
                    .init(file: $0.file, row: $0.row, subject: $0.productID, message: $0.message, batch: $0.batch, handle: $0.handle)
                }, figures: ["items_refused", "handle_errors", "still_refused"])
        }
        let stopped = report.findings.filter { $0.severity == "error" }.map { finding in
            ErrorFamily(
                key: RuleID(rawValue: finding.rule).map { "\($0.title) (\($0.rawValue))" } ?? ErrorFamily.key(of: finding.rule), count: finding.count,
                examples: finding.examples.map { .init(file: $0.file, row: $0.row, subject: $0.productID, message: Self.words(of: $0)) },
                figures: ["rows_rejected"])
        }
        let files = report.refusedFiles.map { file in
            ErrorFamily(
                key: ErrorFamily.key(of: file.message), count: 1, examples: [.init(file: file.file, row: file.line, subject: "", message: "\(file.message) \(file.remedy)")],
                figures: ["files_rejected", "rows_rejected"])
        }
        return merged(refused + stopped + files)
    }

    private static func words(of example: FindingSummary.Example) -> String {
        if example.column.isEmpty { return example.value }
        return example.value.isEmpty ? "\(example.column) is empty" : "\(example.column) is '\(example.value)'"
    }

    /// Two kinds of messages may be one when numbers and values are out of them.
    private static func merged(_ families: [ErrorFamily]) -> [ErrorFamily] {
        var byKey: [String: ErrorFamily] = [:]
        for family in families {
            guard let known = byKey[family.key] else {
                byKey[family.key] = family
                continue
            }
            byKey[family.key] = ErrorFamily(
                key: family.key, count: known.count + family.count, examples: known.examples + family.examples,
                figures: Array(Set(known.figures + family.figures)).sorted())
        }
        return byKey.values.sorted { ($1.count, $0.key) < ($0.count, $1.key) }
    }

    /// Longer ids are no words for a command line.
    private static let longestID = 100

    private static func commands(for report: SyncReport, _ isStored: Bool, _ config: String?) -> [String] {
        let options = config.map { " --config \(ShellWord.quoted($0))" } ?? ""
        var commands: [String] = []
        if isStored, RunID.isValid(report.runID) { commands.append("vitrine report \(report.runID)\(options)") }
        let pipeline = ShellWord.quoted(report.pipeline)
        if report.items.refused > 0 { commands.append("vitrine products --state refused --pipeline \(pipeline)\(options)") }
        if report.rows.rejected > 0 { commands.append("vitrine products --state rejected --pipeline \(pipeline)\(options)") }
        let id = report.refusals.first?.examples.first?.productID ?? ""
        if !id.isEmpty, id.unicodeScalars.count <= longestID, Shown.line(id) == id { commands.append("vitrine trace \(ShellWord.quoted(id))\(options)") }
        if report.error != nil { commands.append("vitrine doctor \(pipeline)\(options)") }
        return commands
    }
}
