import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON

struct QueryMember: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "member", abstract: "Show a member: roles, keys, threshold.")

  @Argument(help: "The member's name.", transform: Name.argument)
  var member: Name

  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.member(member)
    } print: { member in
      var sheet = Sheet()
      sheet.add("member", member.name)
      if !member.description.isEmpty { sheet.add("description", Printable.text(member.description)) }
      sheet.add("roles", member.roles.names.isEmpty ? "none" : member.roles.names.joined(separator: ", "))
      sheet.add("state", member.suspended ? Console.styled("suspended", .red) : "active")
      sheet.add("threshold", "\(member.threshold) of \(member.keys.count) keys")
      for key in member.keys { sheet.add("key", key) }
      sheet.print()
    }
  }
}
