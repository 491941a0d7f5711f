import ArgumentParser
import Ledger

struct ProofGetNode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "node", abstract: "Prove a node's entry in the directory: its transport keys and addresses.")

  @Argument(help: "The node's name.", transform: Name.argument)
  var name: Name

  @OptionGroup var options: ProofGetOptions

  func run() async throws { try await options.fetch(.node(name)) }
}
