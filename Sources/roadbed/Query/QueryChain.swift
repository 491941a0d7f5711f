import ArgumentParser
import LedgerClient
import LedgerJSON
import Primitives

struct QueryBlock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "block", abstract: "Show a final block: header, result, transactions.")

  @Argument(help: ArgumentHelp("The block's height. Default: the latest.", valueName: "height"), transform: Height.argument)
  var height: Height?

  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run { client in
      if let height { try await client.block(height) } else { try await client.latestBlock() }
    } print: { block in
      var sheet = Sheet()
      sheet.add("height", block.height)
      sheet.add("block", block.digest)
      sheet.add("time", block.time.iso8601)
      sheet.add("final in view", ifPresent: block.view)
      sheet.add("parent", block.parent)
      sheet.add("transaction root", block.transactionRoot)
      sheet.add("result", block.result.digest)
      sheet.add("state root", block.result.stateRoot)
      sheet.add(
        "transactions",
        "\(block.transactionCount): \(block.outcomes.applied) applied, \(block.outcomes.failed) failed")
      sheet.print()
      for id in block.transactions ?? [] { Console.print("  \(id)") }
    }
  }
}

struct QueryBlocks: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blocks", abstract: "List final blocks in ascending order.")

  @Option(
    help: ArgumentHelp("The first height. Default: the last 20 blocks.", valueName: "height"),
    transform: Height.argument)
  var from: Height?

  @Option(help: "The most blocks to show, up to 100.")
  var limit = 20

  @OptionGroup var query: QueryOptions

  func validate() throws {
    guard (1...100).contains(limit) else { throw ValidationError("--limit is \(limit); it must be 1 to 100.") }
  }

  func run() async throws {
    try await query.run { client in
      var first = from
      if first == nil {
        let latest = try await client.latestBlock().height.rawValue
        first = Height(latest >= UInt64(limit) ? latest - UInt64(limit) + 1 : 0)
      }
      return try await client.blocks(from: first ?? .genesis, limit: limit)
    } print: { page in
      var table = Table("HEIGHT", "TIME", "TRANSACTIONS", "FAILED", "BLOCK")
      for block in page.items {
        table.add(
          "\(block.height)", block.time.iso8601, "\(block.transactionCount)", "\(block.outcomes.failed)",
          "\(block.digest)")
      }
      table.print()
      PageOptions.printNext(page.next, option: "--from")
    }
  }
}

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
      // The copy was kept only in case it had to be sent again.
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
    sheet.add("outcome", ifPresent: status.outcome.map(OutcomeText.of))
    if let height = status.height { sheet.add("block", "\(height) at index \(status.index ?? 0)") }
    sheet.add("block time", ifPresent: status.blockTime?.iso8601)
    sheet.add("valid until", status.validUntil.iso8601)
    sheet.add("signed by", status.signatures.map { "\($0.member)" }.uniqued().joined(separator: ", "))
    sheet.print()
    Console.print("operations:")
    OperationText.print(status.operations, indent: 2)
  }
}
