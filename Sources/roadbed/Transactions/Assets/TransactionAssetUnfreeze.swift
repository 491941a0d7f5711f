import ArgumentParser
import Ledger

struct TransactionAssetUnfreeze: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unfreeze",
    abstract: "Lift the freeze of an asset.",
    discussion: """
      The administrators sign.

      Example:
        roadbed tx asset unfreeze eur --dir demo --key registry --wait
      """)

  @Argument(help: "The asset's name.", transform: Name.argument)
  var asset: Name

  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.run { _, _ in [.assetUnfreeze(asset: asset)] }
  }
}
