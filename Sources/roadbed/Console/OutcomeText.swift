import Ledger
import LedgerJSON

/// The outcome of a transaction as text.
enum OutcomeText {
  static func of(_ outcome: TransactionOutcome) -> String { of(OutcomeView(outcome)) }

  static func of(_ outcome: OutcomeView) -> String {
    if outcome.applied { return Console.styled("applied", .green) }
    let place = outcome.operation.map { " at operation \($0)" } ?? ""
    return Console.styled("FAILED", .red) + "\(place) [\(outcome.code)]: \(outcome.explanation)"
  }
}
