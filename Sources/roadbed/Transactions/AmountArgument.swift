import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// An amount of an asset as a user writes it: a decimal number, whose scale the asset defines.
struct AmountArgument: ParsableArguments {
  @Option(help: "The asset.")
  var asset: Name

  @Option(help: ArgumentHelp("How much, as a decimal number such as 12.50.", valueName: "decimal"))
  var amount: String

  func units(_ client: LedgerClient) async throws -> Amount {
    let decimals = try await client.asset(asset).decimals
    guard let units = Amount(decimal: amount, decimals: Int(decimals)), units != .zero else {
      throw CommandError(
        code: "amount.invalid",
        explanation: "the amount '\(amount)' is not one of \(asset), which has \(decimals) decimals",
        nextStep: "write a number above zero with at most \(decimals) digits after the point, without other signs")
    }
    return units
  }
}
