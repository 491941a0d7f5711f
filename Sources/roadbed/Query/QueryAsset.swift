import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON

struct QueryAsset: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "asset", abstract: "Show an asset: issuer, decimals, supply, cap.")

  @Argument(help: "The asset's name.", transform: Name.argument)
  var asset: Name

  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.asset(asset)
    } print: { asset in
      var sheet = Sheet()
      sheet.add("asset", asset.name)
      if !asset.description.isEmpty { sheet.add("description", Printable.text(asset.description)) }
      sheet.add("issuer", asset.issuer)
      sheet.add("decimals", asset.decimals)
      sheet.add("supply", asset.supply)
      if let cap = asset.cap { sheet.add("cap", cap) }
      if asset.frozen { sheet.add("frozen", "yes") }
      sheet.print()
    }
  }
}
