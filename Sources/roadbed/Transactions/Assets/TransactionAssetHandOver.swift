import ArgumentParser
import Ledger

struct TransactionAssetHandOver: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hand-over",
    abstract: "Make another member the issuer of an asset.",
    discussion: """
      The present issuer and the new one sign. The new one needs the role issuer.

      Example:
        roadbed tx asset hand-over eur --to bank-a --dir demo --key mint --key bank-a --wait
      """)

  @Argument(help: "The asset's name.", transform: Name.argument)
  var asset: Name

  @Option(help: "The member that becomes the issuer.", transform: Name.argument)
  var to: Name

  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.run { _, _ in [.assetHandOver(asset: asset, to: to)] }
  }
}
