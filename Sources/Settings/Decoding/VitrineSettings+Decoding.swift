import Yams

extension VitrineSettings {
    /// The largest settings file that is read, in bytes.
    public static let longestFile = 1_048_576

    /// Reads and checks settings.
    /// - Parameters:
    ///   - yaml: the text of the file.
    ///   - file: its name, for messages.
    ///   - vocabulary: words that other rooms own.
    /// - Throws: `SettingsProblems` with all that is wrong.
    public init(yaml: String, file: String, vocabulary: SettingsVocabulary = SettingsVocabulary()) throws(SettingsProblems) {
        var reader = SettingsReader(problems: ProblemList(file: file))
        let root = Self.compose(yaml, &reader.problems)
        try reader.problems.check()
        let top = reader.section(root, declared: "", path: "", line: 1)
        var problems = reader.problems
        let settings = VitrineSettings(top, file: file, &problems)
        SettingsChecks(vocabulary: vocabulary).check(settings, top, &problems)
        try problems.check()
        self = settings
    }

    private init(_ top: Section, file: String, _ problems: inout ProblemList) {
        let alerts = top.section("alerts")
        self.init(
            file: file,
            pipelines: top.group("pipelines").map(PipelineSettings.init),
            alerts: AlertSettings(alerts, &problems),
            telemetry: TelemetrySettings(top.section("telemetry")),
            aws: AWSSettings(region: top.section("aws").text("region")),
            state: top.text("state") ?? "",
            timeZone: top.text("time_zone") ?? "UTC",
            timeZoneLine: top.line(of: "time_zone"))
    }

    private static func compose(_ yaml: String, _ problems: inout ProblemList) -> Node? {
        guard yaml.utf8.count <= longestFile else {
            problems.add(line: 1, key: "", "the file has over \(longestFile) bytes", "check that it is a settings file")
            return nil
        }
        do {
            let root = try Yams.compose(yaml: yaml)
            if root == nil || root?.isNothing == true {
                problems.add(line: 1, key: "", "the file is empty", "start from vitrine.example.yaml")
            } else if root?.mapping == nil {
                problems.add(line: 1, key: "", "the file holds no keys", "start from vitrine.example.yaml")
            }
            return root
        } catch let error as YamlError {
            let (line, problem) = error.place
            problems.add(line: line, key: "", "is no YAML: \(problem)", "check indentation, quotes and brackets at this line")
        } catch {
            problems.add(line: 1, key: "", "is no YAML", "check indentation, quotes and brackets")
        }
        return nil
    }
}

extension YamlError {
    /// Where it is and what it is, without the text around it, which may hold a secret.
    fileprivate var place: (line: Int, problem: String) {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            (mark.line, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            (context.mark.line, "the key \(duplicates.sorted().map(\.quoted).joined(separator: ", ")) stands here twice")
        case .reader(let problem, _, _, _): (1, problem)
        default: (1, "it cannot be read")
        }
    }
}
