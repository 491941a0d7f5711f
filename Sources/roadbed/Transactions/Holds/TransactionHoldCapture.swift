import ArgumentParser
import Ledger

struct TransactionHoldCapture: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract: "Pay what is held, or a part of it, to the payee.",
    discussion: """
      The owner of the receiving account signs, or the hold's arbiter, before the hold expires. The hold ends when nothing \
      is left of it, or with --closes, which returns the rest to the payer.

      Example:
        roadbed tx hold capture --from bank-a/reserve --to bank-b/reserve --asset eur --amount 100 --reference INV-17 \\
          --closes --dir demo --key bank-b --wait
      """)

  @OptionGroup var hold: HoldArguments
  @OptionGroup var amount: AmountArgument

  @Flag(help: "End the hold: return what is left of it to the payer.")
  var closes = false

  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.run { client, _ in
      [
        .holdCapture(
          asset: amount.asset, from: hold.from, to: hold.to, reference: hold.reference,
          amount: try await amount.units(client), closes: closes)
      ]
    }
  }
}
