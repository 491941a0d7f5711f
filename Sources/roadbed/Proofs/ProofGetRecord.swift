import ArgumentParser
import Ledger

struct ProofGetRecord: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Prove the latest version of a record, or an older one.",
    discussion: """
      An older version is one that another has followed. So the proof of --older-version shows nothing for the latest \
      version, which is that of the record itself.
      """)

  @Argument(help: "The collection.", transform: CollectionName.argument)
  var collection: CollectionName

  @Argument(
    help: "The record's key.",
    transform: { try ArgumentRule.value(RecordVersion.isKey($0) ? $0 : nil, RecordVersion.keyRule) })
  var key: String

  @Option(
    help: ArgumentHelp("The older version, from 1.", valueName: "number"),
    transform: {
      try ArgumentRule.value(UInt64($0).flatMap { $0 > 0 ? $0 : nil }, "a version is a whole number from 1")
    })
  var olderVersion: UInt64?

  @OptionGroup var options: ProofGetOptions

  func run() async throws {
    try await options.fetch(
      olderVersion.map { .recordVersion(collection, key: key, version: $0) } ?? .record(collection, key: key))
  }
}
