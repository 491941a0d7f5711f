import ArgumentParser
import Ledger
import Primitives

struct TransactionHoldPlace: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "place",
    abstract: "Set units of an account aside for a payee until a time.",
    discussion: """
      The owner of the paying account signs.

      Example:
        roadbed tx hold place --from bank-a/reserve --to bank-b/reserve --asset eur --amount 125.50 \\
          --reference INV-17 --expires 30d --dir demo --key bank-a --wait
      """)

  @OptionGroup var hold: HoldArguments
  @OptionGroup var amount: AmountArgument

  @Option(
    help: ArgumentHelp(
      "When the chain returns what is held by then: a time in UTC, or how long from now, such as 12h or 30d. At most ten "
        + "years ahead.", valueName: "time"),
    transform: TimeArgument.time)
  var expires: Timestamp

  @Option(help: "A member that may capture and release in the payee's place.", transform: Name.argument)
  var arbiter: Name?

  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.run { client, _ in
      [
        .holdPlace(
          asset: amount.asset, from: hold.from, to: hold.to, amount: try await amount.units(client),
          reference: hold.reference, expires: expires, arbiter: arbiter)
      ]
    }
  }
}
