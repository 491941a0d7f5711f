import ArgumentParser
import Ledger

struct TransactionRetire: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retire",
    abstract: "Destroy units of an asset.",
    discussion: """
      The asset's issuer and the account's owner sign.

      Example:
        roadbed tx retire --from bank-a/reserve --asset eur --amount 1000 --dir demo --key mint --key bank-a --wait
      """)

  @Option(help: "The account that holds the units.", transform: AccountName.argument)
  var from: AccountName

  @OptionGroup var amount: AmountArgument
  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.run { client, _ in
      [.assetRetire(asset: amount.asset, from: from, amount: try await amount.units(client))]
    }
  }
}
