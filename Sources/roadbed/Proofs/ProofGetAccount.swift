import ArgumentParser
import Ledger

struct ProofGetAccount: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account", abstract: "Prove an account: its description, and whether it is frozen.")

  @Argument(help: "The account's name.", transform: AccountName.argument)
  var account: AccountName

  @OptionGroup var options: ProofGetOptions

  func run() async throws { try await options.fetch(.account(account)) }
}
