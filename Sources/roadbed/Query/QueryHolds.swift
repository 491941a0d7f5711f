import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct QueryHolds: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "holds", abstract: "List the open holds, the first to expire first.",
    discussion: """
      Examples:
        roadbed query holds --account bank-a/reserve --dir demo
        roadbed query holds --from bank-a/reserve --reference INV-17 --dir demo
        roadbed query holds --expires-before 7d --dir demo
      """)

  @Option(help: "Only those that this account pays or receives.", transform: AccountName.argument)
  var account: AccountName?

  @Option(help: "Only those that this account pays.", transform: AccountName.argument)
  var from: AccountName?

  @Option(help: "Only those that this account receives.", transform: AccountName.argument)
  var to: AccountName?

  @Option(
    help: ArgumentHelp("Only the one with this reference. Needs --from.", valueName: "text"),
    transform: HoldReference.argument)
  var reference: HoldReference?

  @Option(
    help: ArgumentHelp(
      "Only those that expire before: a time in UTC, or how long from now, such as 12h or 30d.", valueName: "time"),
    transform: TimeArgument.time)
  var expiresBefore: Timestamp?

  @OptionGroup var page: PageOptions
  @OptionGroup var query: QueryOptions

  func validate() throws {
    guard [account, from, to].count(where: { $0 != nil }) <= 1 else {
      throw ValidationError("Give only one of --account, --from and --to; --account stands for both sides.")
    }
    guard reference == nil || from != nil else {
      throw ValidationError("--reference needs --from: it distinguishes the holds of one paying account.")
    }
  }

  private var filter: HoldFilter {
    if let reference, let from { return .reference(reference, from: from) }
    if let from { return .from(from) }
    if let to { return .to(to) }
    return account.map { .account($0) } ?? .all
  }

  func run() async throws {
    try await query.run {
      try await $0.holds(filter, expiresBefore: expiresBefore, after: page.after, limit: page.limit)
    } print: { page in
      var table = Table("EXPIRES", "FROM", "TO", "REFERENCE", "HELD", "ARBITER", "PLACED")
      for hold in page.items {
        table.add(
          hold.expires.iso8601, "\(hold.from)", "\(hold.to)", Printable.text("\(hold.reference)"),
          "\(hold.amount) \(hold.asset)", hold.arbiter.map { "\($0)" } ?? "-", "block \(hold.placed.height)")
      }
      table.print()
      PageOptions.printNext(page.next)
    }
  }
}
