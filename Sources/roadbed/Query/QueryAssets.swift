import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON

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
