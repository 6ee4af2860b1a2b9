import AWS
public import Engine
import Events
import ObjectStore
import Settings

/// `vitrine setup aws --plan`: what is missing in the account, and the rights that Vitrine needs there. Makes nothing: that is for those who keep
/// the infrastructure.
public struct SetupCommand: Sendable {
    private let options: CommonOptions
    private let isPlan: Bool
    private let world: World

    /// - Parameter isPlan: without it nothing is done: there is only the plan.
    public init(isPlan: Bool, options: CommonOptions, world: World = .real) {
        self.isPlan = isPlan
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        var missing: [SetupFinding] = []
        var unseen: [SetupUnseen] = []
        /// For `run`, `stage`, `serve` and the questions.
        var policy = AWSPolicy.none
        /// For this command itself, beside it.
        var setup_policy = AWSPolicy.none
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document()) }

    public func execute() async -> Outcome {
        var document = Document()
        do {
            guard isPlan else {
                throw RunStop(
                    .usage, reason: "plan", culprit: "vitrine setup aws", detail: "it makes nothing: it only says what is missing",
                    remedy: "Ask for that: vitrine setup aws --plan")
            }
            let loaded = try LoadedSettings.load(options.config)
            let factory = PipelineFactory(loaded: loaded, world: world)
            defer { factory.aws.shutdown() }
            let session = try factory.aws.session()
            let use = AWSUse(loaded.settings, region: session.configuration.region)
            (document.policy, document.setup_policy) = (AWSPolicy(for: use), AWSPolicy(forSetupOf: use))
            var look = SetupLook(use, in: session)
            try await look.all()
            (document.missing, document.unseen) = (look.missing, look.unseen)
            return Outcome(code: .success, text: Self.text(document, usesNothing: use.isNothing), json: JSONDocument.bytes(document))
        } catch {
            return .failure(RunStop(appError: error), document)
        }
    }

    private static func text(_ document: Document, usesNothing: Bool) -> String {
        if usesNothing { return "These settings use nothing of AWS: no bucket, queue, topic, secret or CloudWatch.\n" }
        var lines: [String] = []
        if document.missing.isEmpty { lines.append("Nothing is missing\(document.unseen.isEmpty ? "." : " of what could be looked at.")") }
        for finding in document.missing {
            lines += ["missing  \(finding.kind.rawValue)  \(finding.resource)", "         \(finding.why)"]
            lines += finding.command.split(separator: "\n").map { "         $ \($0)".replacing("$ # ", with: "# ") } + [""]
        }
        if !document.unseen.isEmpty { lines.append("Could not be seen, so it may be there or not:") }
        for unseen in document.unseen { lines += ["  \(unseen.kind.rawValue)  \(unseen.resource): \(unseen.reason)", "      → \(unseen.remedy)"] }
        lines += ["", "The rights that Vitrine needs with these settings, as an IAM policy:", String(decoding: AWSPolicy.json(document.policy), as: UTF8.self)]
        if !document.setup_policy.statements.isEmpty {
            lines += ["For this command itself, beside them:", String(decoding: AWSPolicy.json(document.setup_policy), as: UTF8.self)]
        }
        return lines.joined(separator: "\n")
    }
}
