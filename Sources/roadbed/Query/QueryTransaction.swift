import ArgumentParser
import LedgerClient
import LedgerJSON
import Primitives

struct QueryTransaction: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tx", abstract: "Show the status of a transaction.",
    discussion: """
      Example:
        roadbed query tx 3f1b… --wait --dir demo
      """)

  @Argument(
    help: ArgumentHelp("The transaction's id, 64 hexadecimal digits.", valueName: "id"), transform: Digest.argument)
  var id: Digest

  @Flag(help: "Wait until it is final.")
  var wait = false

  @Option(
    help: ArgumentHelp("Wait at most this long. With --wait alone: \(WaitingTime.usual).", valueName: "seconds"))
  var timeout: Int?

  @OptionGroup var query: QueryOptions

  func validate() throws {
    if let timeout { try WaitingTime.check(timeout) }
  }

  func run() async throws {
    try await query.run { client in
      let status = try await look(client)
      // The copy was kept only in case the transaction had to be sent again.
      let place = KeepOptions.place(cluster: query.nodes.cluster.given)
      if status.status == .finalized { KeptTransaction(id, in: place).remove() }
      return status
    } print: { status in
      show(status)
    }
  }

  private func look(_ client: LedgerClient) async throws -> TransactionStatus {
    guard wait || timeout != nil else { return try await client.transaction(id) }
    return try await client.waitForFinality(id, timeout: .seconds(timeout ?? WaitingTime.usual))
  }

  private func show(_ status: TransactionStatus) {
    var sheet = Sheet()
    sheet.add("transaction", status.id)
    sheet.add("status", status.status.rawValue)
    sheet.add("outcome", ifPresent: status.outcome.map { OutcomeText.of($0, status.operations) })
    if let height = status.height { sheet.add("block", "\(height) at index \(status.index ?? 0)") }
    sheet.add("block time", ifPresent: status.blockTime?.iso8601)
    sheet.add("valid until", status.validUntil.iso8601)
    sheet.add("signed by", status.signatures.map { "\($0.member)" }.uniqued().joined(separator: ", "))
    sheet.print()
    Console.print("operations:")
    OperationList.print(status.operations, indent: 2)
  }
}
