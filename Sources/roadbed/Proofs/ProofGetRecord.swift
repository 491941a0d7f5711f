import ArgumentParser
import Ledger

struct ProofGetRecord: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Prove the latest version of a record.",
    discussion: """
      The latest version names the digest of the one before. The receipt of the transaction that anchored an older \
      version proves that one; 'roadbed query record --history' names the transactions.
      """)

  @Argument(help: "The collection.", transform: CollectionName.argument)
  var collection: CollectionName

  @Argument(
    help: "The record's key.",
    transform: { try ArgumentRule.value(RecordVersion.isKey($0) ? $0 : nil, RecordVersion.keyRule) })
  var key: String

  @OptionGroup var options: ProofGetOptions

  func run() async throws {
    try await options.fetch(.record(collection, key: key))
  }
}
