import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct QueryAccounts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "accounts", abstract: "List accounts.")

  @Option(help: "Only the accounts of this member.", transform: Name.argument)
  var owner: Name?

  @OptionGroup var page: PageOptions
  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.accounts(of: owner, after: page.after, limit: page.limit)
    } print: { page in
      var table = Table("ACCOUNT", "STATE", "BALANCES", "DESCRIPTION")
      for account in page.items {
        let balances = account.balances.map { balance in
          "\(balance.amount) \(balance.asset)" + (balance.held.map { " and \($0) held" } ?? "")
        }.joined(separator: ", ")
        table.add(
          "\(account.account)", account.frozen ? "frozen" : "open", balances.isEmpty ? "-" : balances,
          Printable.text(account.description))
      }
      table.print()
      PageOptions.printNext(page.next)
    }
  }
}
