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
    } print: {
      ValidatorList.print($0)
    }
  }
}
