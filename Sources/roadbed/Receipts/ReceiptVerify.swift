import ArgumentParser
import Cryptography
import Ledger
import LedgerJSON
import Primitives

struct ReceiptVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Verify a receipt offline.",
    discussion: """
      Follows every link, from the transaction to the signatures of a quorum of the validators in the genesis file, and \
      prints what they prove. The exit status is 1 if any link is invalid.

      A final transaction was not necessarily applied: the proved outcome may be a failure. With --applied, that is an \
      error as well.

      Examples:
        roadbed receipt verify receipt.json --genesis demo/genesis.json
        roadbed receipt verify - --genesis genesis.json --applied --json < receipt.json
      """)

  @OptionGroup var source: ReceiptOptions

  @Flag(help: "Fail unless the transaction was applied.")
  var applied = false

  @OptionGroup var output: OutputOptions

  private struct Answer: Encodable {
    var valid = true
    var summary: ReceiptSummary
    /// Present with --checkpoint.
    var olderThanCheckpoint: Bool?
  }

  func run() async throws {
    let checked = try source.verified()
    let (genesis, receipt, proved) = (checked.genesis, checked.receipt, checked.proved)
    if applied, !proved.outcome.isApplied {
      throw CommandError.provedFailure(proved)
    }
    if output.json {
      var hash = HashFunction(genesis.suite)
      return try Console.printJSON(
        Answer(
          summary: ReceiptSummary(receipt, genesis.chain, &hash),
          olderThanCheckpoint: source.trust.checkpoint.map { _ in proved.isBelowCheckpoint }))
    }
    print(proved, genesis)
  }

  private func print(_ proved: VerifiedReceipt, _ genesis: Genesis) {
    Console.print(Console.styled("valid", .green) + ": with the genesis file alone, this receipt proves that")
    var sheet = Sheet()
    sheet.add("transaction", proved.transaction.id)
    sheet.add("of chain", "\(genesis.chainName), genesis \(genesis.digest)")
    let operations = RenderedOperation.list(proved.transaction.operations) { _ in nil }
    sheet.add("was", OutcomeText.of(OutcomeView(proved.outcome), operations))
    sheet.add("in block", "\(proved.height) at index \(proved.index), \(proved.block)")
    sheet.add("at", proved.timestamp.iso8601)
    sheet.add("final by", "\(proved.signers.joined(separator: ", ")) (\(proved.round))")
    sheet.add(
      "signed by",
      proved.transaction.signatures.map { "\($0.member)" }.uniqued().joined(separator: ", "))
    sheet.print(indent: 2)
    if proved.isBelowCheckpoint { CheckpointText.printOlder("receipt") }
    Console.print("operations:")
    OperationList.print(operations, indent: 2)
  }
}

extension CommandError {
  static func provedFailure(_ proved: VerifiedReceipt) -> CommandError {
    let (transaction, outcome) = (proved.transaction, OutcomeView(proved.outcome))
    return CommandError(
      code: outcome.code,
      explanation: "the receipt is valid and proves that transaction \(transaction.id) failed at operation "
        + "\(proved.outcome.operation): "
        + OutcomeText.reason(outcome, RenderedOperation.list(transaction.operations) { _ in nil }),
      nextStep: "submit a corrected transaction; this one changed nothing")
  }
}
