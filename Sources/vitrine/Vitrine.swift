import ArgumentParser
import VitrineApp

@main
struct Vitrine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "vitrine")
}
