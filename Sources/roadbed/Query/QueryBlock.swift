import ArgumentParser
import LedgerClient
import LedgerJSON
import Primitives

struct QueryBlock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "block", abstract: "Show a final block: header, result, transactions.")

  @Argument(
    help: ArgumentHelp("The block's height. Default: the latest.", valueName: "height"), transform: Height.argument)
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
