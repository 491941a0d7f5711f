import ArgumentParser
import LedgerClient
import LedgerJSON
import Primitives

struct QueryBlocks: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blocks", abstract: "List final blocks in ascending order.")

  @Option(
    help: ArgumentHelp("The first height. Default: the last 20 blocks.", valueName: "height"),
    transform: Height.argument)
  var from: Height?

  @Option(help: "How many blocks to show, at most 100.")
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
