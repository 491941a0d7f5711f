import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON

struct ParameterList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the settings, and what each may be set to.")

  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.parameters()
    } print: { view in
      var table = Table("PARAMETER", "VALUE", "FROM", "TO", "WHAT IT IS")
      for parameter in ChainParameter.allCases {
        table.add(
          parameter.name, "\(view[parameter])", "\(parameter.bounds.lowerBound)",
          parameter == .administratorThreshold ? "administrators" : "\(parameter.bounds.upperBound)",
          parameter.meaning)
      }
      table.print()
    }
  }
}
