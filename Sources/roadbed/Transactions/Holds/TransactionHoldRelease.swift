import ArgumentParser
import Ledger

struct TransactionHoldRelease: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release",
    abstract: "Return what is held to the payer.",
    discussion: """
      The owner of the receiving account signs, or the hold's arbiter; once the hold has expired, the owner of the paying \
      account may as well.

      Example:
        roadbed tx hold release --from bank-a/reserve --to bank-b/reserve --asset eur --reference INV-17 \\
          --dir demo --key bank-b --wait
      """)

  @OptionGroup var hold: HoldArguments

  @Option(help: "The asset.", transform: Name.argument)
  var asset: Name

  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.run { _, _ in
      [.holdRelease(asset: asset, from: hold.from, to: hold.to, reference: hold.reference)]
    }
  }
}
