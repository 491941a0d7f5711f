import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct QueryAccount: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "account", abstract: "Show an account and its balances.")

  @Argument(help: "The account's name.", transform: AccountName.argument)
  var account: AccountName

  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.account(account)
    } print: { account in
      var sheet = Sheet()
      sheet.add("account", account.account)
      sheet.add("owner", account.owner)
      if !account.description.isEmpty { sheet.add("description", Printable.text(account.description)) }
      sheet.add("state", account.frozen ? Console.styled("frozen", .red) : "open")
      if account.balances.isEmpty { sheet.add("balances", "none") }
      sheet.print()
      guard !account.balances.isEmpty else { return }
      var table = Table("ASSET", "AVAILABLE", "HELD")
      for balance in account.balances { table.add("\(balance.asset)", balance.amount, balance.held ?? "-") }
      table.print()
    }
  }
}
