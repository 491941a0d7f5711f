import ArgumentParser
import Ledger

struct ProofGetConfiguration: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "configuration", abstract: "Prove which validators decide about the next block, with their vote keys.")

  @OptionGroup var options: ProofGetOptions

  func run() async throws { try await options.fetch(.configuration) }
}
