import ArgumentParser
import Ledger
import Primitives

struct ProofGetBalance: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "balance", abstract: "Prove an account's balance of an asset.")

  @Argument(help: "The account's name.", transform: AccountName.argument)
  var account: AccountName

  @Argument(help: "The asset's name.", transform: Name.argument)
  var asset: Name

  @OptionGroup var options: ProofGetOptions

  func run() async throws { try await options.fetch(.balance(account, asset: asset)) }
}
