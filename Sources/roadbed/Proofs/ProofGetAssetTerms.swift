import ArgumentParser
import Ledger

struct ProofGetAssetTerms: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "asset-terms", abstract: "Prove the cap of an asset and whether it is frozen, or that it is neither.")

  @Argument(help: "The asset's name.", transform: Name.argument)
  var asset: Name

  @OptionGroup var options: ProofGetOptions

  func run() async throws { try await options.fetch(.assetTerms(asset)) }
}
