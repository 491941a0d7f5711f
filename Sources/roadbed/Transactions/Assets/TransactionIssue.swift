import ArgumentParser
import Ledger

struct TransactionIssue: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "issue",
    abstract: "Create units of an asset.",
    discussion: """
      The asset's issuer signs.

      Example:
        roadbed tx issue --to bank-a/reserve --asset eur --amount 1000000 --dir demo --key mint --wait
      """)

  @Option(help: "The account that receives.", transform: AccountName.argument)
  var to: AccountName

  @OptionGroup var amount: AmountArgument
  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.run { client, _ in
      [.assetIssue(asset: amount.asset, to: to, amount: try await amount.units(client))]
    }
  }
}
