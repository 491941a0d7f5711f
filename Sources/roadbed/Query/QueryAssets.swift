import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON

struct QueryAsset: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "asset", abstract: "Show an asset: issuer, decimals, supply.")

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
      sheet.print()
    }
  }
}

struct QueryAssets: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "assets", abstract: "List assets.")

  @OptionGroup var page: PageOptions
  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.assets(after: page.after, limit: page.limit)
    } print: { page in
      var table = Table("ASSET", "ISSUER", "DECIMALS", "SUPPLY", "DESCRIPTION")
      for asset in page.items {
        table.add(
          "\(asset.name)", "\(asset.issuer)", "\(asset.decimals)", asset.supply, Printable.text(asset.description))
      }
      table.print()
      PageOptions.printNext(page.next)
    }
  }
}
