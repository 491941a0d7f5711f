import ArgumentParser
import Ledger

struct ProofGetAsset: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "asset", abstract: "Prove an asset: issuer, decimals, supply.")

  @Argument(help: "The asset's name.", transform: Name.argument)
  var asset: Name

  @OptionGroup var options: ProofGetOptions

  func run() async throws { try await options.fetch(.asset(asset)) }
}
