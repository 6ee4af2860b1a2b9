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
            By the clock, or when files arrive:         vitrine serve
            What happened to a product:                 vitrine trace SKU-1001
            What the log says:                          vitrine logs --since -2h --level error

            Exit codes:
              0 done               64 usage              73 cannot write
              1 done with errors   65 validation failed  75 try again later
                                   69 service is down    77 token or permission
                                   70 internal           78 settings
            """,
        version: Version.text,
        subcommands: [
            Demo.self, Run.self, Plan.self, Init.self, Serve.self, Stage.self, Runs.self, Report.self, Trace.self, Logs.self, Incident.self, Products.self,
            Changes.self, Resend.self, Status.self, PausePipeline.self, ResumePipeline.self, Release.self, Discard.self, Alerts.self, Doctor.self,
            Setup.self,
            SandboxServer.self, Reindex.self, Reference.self,
        ])

    static func main() async { await Launch.main() }
}
