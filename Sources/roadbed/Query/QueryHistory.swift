import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct QueryHistory: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "List the transactions of an account, newest first.")

  @Argument(help: "The account's name.", transform: AccountName.argument)
  var account: AccountName

  @Option(help: ArgumentHelp("Begin before this place: the one that the previous page named.", valueName: "place"))
  var before: String?

  @Option(help: "How many entries to show, at most 100.")
  var limit: Int?

  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.history(of: account, before: before, limit: limit)
    } print: { page in
      for entry in page.items {
        Console.print(
          "\(entry.blockTime.iso8601) block \(entry.height) \(OutcomeText.of(entry.outcome)) \(entry.id)")
        OperationList.print(entry.operations, indent: 2)
      }
      if page.items.isEmpty { Console.print("nothing") }
      PageOptions.printNext(page.next, option: "--before")
    }
  }
}
