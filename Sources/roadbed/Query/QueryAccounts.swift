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
      for balance in account.balances { sheet.add("\(balance.asset)", balance.amount) }
      sheet.print()
    }
  }
}

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
        let balances = account.balances.map { "\($0.amount) \($0.asset)" }.joined(separator: ", ")
        table.add(
          "\(account.account)", account.frozen ? "frozen" : "open", balances.isEmpty ? "-" : balances,
          Printable.text(account.description))
      }
      table.print()
      PageOptions.printNext(page.next)
    }
  }
}

struct QueryHistory: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "List the transactions of an account, newest first.")

  @Argument(help: "The account's name.", transform: AccountName.argument)
  var account: AccountName

  @Option(help: ArgumentHelp("Begin before this place: the one that the previous page named.", valueName: "place"))
  var before: String?

  @Option(help: "The most entries to show, up to 100.")
  var limit: Int?

  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.history(of: account, before: before, limit: limit)
    } print: { page in
      for entry in page.items {
        Console.print(
          "\(entry.blockTime.iso8601) block \(entry.height) \(OutcomeText.of(entry.outcome)) \(entry.id)")
        OperationText.print(entry.operations, indent: 2)
      }
      if page.items.isEmpty { Console.print("nothing") }
      PageOptions.printNext(page.next, option: "--before")
    }
  }
}
