import Ledger
import LedgerJSON

/// The outcome of a transaction as text.
enum OutcomeText {
  /// - Parameter operations: those of the transaction, so that the text can name the accounts, amounts and references of
  ///   the one that failed.
  static func of(_ outcome: OutcomeView, _ operations: [RenderedOperation] = []) -> String {
    if outcome.applied { return Console.styled("applied", .green) }
    let place = outcome.operation.map { " at operation \($0)" } ?? ""
    return Console.styled("FAILED", .red) + "\(place) [\(outcome.code)]: \(reason(outcome, operations))"
  }

  /// The broken rule, and what the operation was that broke it.
  static func reason(_ outcome: OutcomeView, _ operations: [RenderedOperation]) -> String {
    let known = outcome.operation.flatMap { operations.indices.contains($0) ? operations[$0].line : nil }
    return outcome.explanation + ((known ?? outcome.refused).map { " (\($0))" } ?? "")
  }
}
