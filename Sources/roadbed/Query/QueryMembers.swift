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
