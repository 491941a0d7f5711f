import ArgumentParser
import Ledger

struct TransactionAssetCap: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cap",
    abstract: "Set the most units of an asset that may exist at once.",
    discussion: """
      The asset's issuer signs, and needs the role issuer. A cap can only be lowered, and not below the asset's supply.

      Example:
        roadbed tx asset cap --asset eur --amount 5000000 --dir demo --key mint --wait
      """)

  @OptionGroup var amount: AmountArgument
  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.run { client, _ in [.assetCap(asset: amount.asset, cap: try await amount.units(client))] }
  }
}
