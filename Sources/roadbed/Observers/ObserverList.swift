import ArgumentParser
import LedgerClient
import LedgerJSON

struct ObserverList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the nodes of the directory that are no validators, as one node sees them.")

  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.observers()
    } print: { page in
      var table = Table("NAME", "MEMBER", "ADDRESSES", "STATE", "HEIGHT", "TRANSPORT KEYS")
      for node in page.items {
        table.add(
          "\(node.name)", "\(node.member)", node.addresses.joined(separator: ", "),
          node.connected ? "linked" : "away", node.height.map { "\($0)" } ?? "-",
          node.transportKeys.map { "\($0)" }.joined(separator: ", "))
      }
      table.print()
    }
  }
}
