import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// An amount of an asset as a user writes it: a decimal number, whose scale the asset defines.
struct AmountArgument: ParsableArguments {
  @Option(help: "The asset.", transform: Name.argument)
  var asset: Name

  @Option(help: ArgumentHelp("How much, as a decimal number such as 12.50.", valueName: "decimal"))
  var amount: String

  func units(_ client: LedgerClient) async throws -> Amount {
    let decimals = try await client.asset(asset).decimals
    do throws(AmountFault) {
      let units = try Amount.parse(amount, decimals: Int(decimals))
      guard units != .zero else { throw .zero }
      return units
    } catch {
      throw CommandError(
        code: "amount.invalid",
        explanation: "'\(amount)' is not an amount of \(asset): \(error.explanation(decimals: decimals))",
        nextStep: error.nextStep(decimals: decimals))
    }
  }
}
