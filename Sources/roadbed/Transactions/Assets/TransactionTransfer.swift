import ArgumentParser
import Ledger
import Primitives

struct TransactionTransfer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer",
    abstract: "Transfer units of an asset from one account to another.",
    discussion: """
      The owner of the paying account signs.

      Example:
        roadbed tx transfer --from bank-a/reserve --to bank-b/reserve --asset eur --amount 125.50 \\
          --dir demo --key bank-a --wait
      """)

  @Option(help: "The account that pays.", transform: AccountName.argument)
  var from: AccountName

  @Option(help: "The account that receives.", transform: AccountName.argument)
  var to: AccountName

  @OptionGroup var amount: AmountArgument

  @Option(help: "A text of at most 64 bytes, stored with the transfer.")
  var memo = ""

  @OptionGroup var submission: SubmissionOptions

  func validate() throws {
    guard memo.utf8.count <= Limits.memoBytes else {
      throw ValidationError("--memo has \(memo.utf8.count) bytes; the limit is \(Limits.memoBytes).")
    }
  }

  func run() async throws {
    try await submission.run { client, _ in
      [
        .assetTransfer(
          asset: amount.asset, from: from, to: to, amount: try await amount.units(client), memo: Array(memo.utf8))
      ]
    }
  }
}
