import ArgumentParser
import Ledger

struct TransactionAssetFreeze: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "freeze",
    abstract: "Stop all use of an asset.",
    discussion: """
      The administrators sign. While the asset is frozen, its units can neither move nor be issued, retired, set aside or \
      captured. Open holds can still be released, and expire.

      Example:
        roadbed tx asset freeze eur --dir demo --key registry --wait
      """)

  @Argument(help: "The asset's name.", transform: Name.argument)
  var asset: Name

  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.run { _, _ in [.assetFreeze(asset: asset)] }
  }
}
