import ArgumentParser
import LedgerClient
import LedgerJSON
import Primitives

struct QueryValidators: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validators", abstract: "List the validators as one node sees them.")

  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.validators()
    } print: { page in
      var table = Table("INDEX", "NAME", "MEMBER", "ADDRESS", "STATE", "VOTE KEY")
      for validator in page.items {
        let state = (validator.connected ? "connected" : "away") + (validator.leader ? ", leads" : "")
        table.add(
          "\(validator.index)", "\(validator.name)", "\(validator.member)", validator.address, state,
          "\(validator.voteKey)")
      }
      table.print()
    }
  }
}
