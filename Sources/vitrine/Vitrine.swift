import ArgumentParser
import VitrineApp

@main
struct Vitrine: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vitrine",
        abstract: "Keeps a product catalogue on Meta in step with a shop's database, and accounts for every row.",
        discussion: """
            See it at work, with nothing set up:        vitrine demo
            Check a file without sending anything:      vitrine plan products.csv
            One run of a pipeline:                      vitrine run shop-catalog
            What happened to a product:                 vitrine trace SKU-1001

            Exit codes: 0 done, 1 done with errors, 64 usage, 65 validation failed, 69 a service is unavailable, 70 internal,
            73 cannot write, 75 try again later, 77 token or permission, 78 settings.
            """,
        version: Version.text,
        subcommands: [
            Demo.self, Run.self, Plan.self, Stage.self, Runs.self, Report.self, Trace.self, SandboxServer.self, Reindex.self, Reference.self,
        ])

    static func main() async { await Launch.main() }
}
