import ArgumentParser
import Ledger

struct ProofGetKeyChange: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key-change",
    abstract: "Prove when a validator's member last changed its vote key without the administrators.")

  @Argument(help: "The validator's name.", transform: Name.argument)
  var validator: Name

  @OptionGroup var options: ProofGetOptions

  func run() async throws { try await options.fetch(.keyChange(validator)) }
}
