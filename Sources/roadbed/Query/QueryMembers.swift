import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON

struct QueryMembers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "members", abstract: "List members.")

  @OptionGroup var page: PageOptions
  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.members(after: page.after, limit: page.limit)
    } print: { page in
      var table = Table("MEMBER", "ROLES", "STATE", "KEYS", "DESCRIPTION")
      for member in page.items {
        let roles = member.roles.names
        table.add(
          "\(member.name)", roles.isEmpty ? "-" : roles.joined(separator: ","),
          member.suspended ? "suspended" : "active", "\(member.threshold) of \(member.keys.count)",
          Printable.text(member.description))
      }
      table.print()
      PageOptions.printNext(page.next)
    }
  }
}
