import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct QueryRecord: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Show an anchored record, optionally with all its versions.",
    discussion: """
      Example:
        roadbed query record roadbed/sources README.md --history --dir demo
      """)

  @Argument(help: "The collection.", transform: CollectionName.argument)
  var collection: CollectionName

  @Argument(help: "The record's key.")
  var key: String

  @Flag(help: "Show every version.")
  var history = false

  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run { client in
      try await client.record(collection, key: key, history: history)
    } print: { record in
      Console.print("\(record.collection)/\(Printable.text(record.key))")
      var table = Table("VERSION", "TIME", "AUTHOR", "CONTENT DIGEST", "METADATA", "TRANSACTION")
      for version in record.history ?? [record.latest] {
        table.add(
          "\(version.version)", version.time.iso8601, "\(version.author)", "\(version.contentDigest)",
          version.metadata.map(Printable.text) ?? version.metadataHex ?? "", version.transaction?.description ?? "")
      }
      table.print(indent: 2)
    }
  }
}
