import ArgumentParser
import Ledger

struct ProofGetParameters: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parameters", abstract: "Prove the chain's settings: how many administrators must act together.")

  @OptionGroup var options: ProofGetOptions

  func run() async throws { try await options.fetch(.parameters) }
}
