import ArgumentParser
import Ledger

struct ProofGetParameters: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parameters", abstract: "Prove the settings of the chain as a whole.")

  @OptionGroup var options: ProofGetOptions

  func run() async throws { try await options.fetch(.parameters) }
}
