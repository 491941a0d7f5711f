import Ledger
import LedgerClient
import LedgerJSON

/// Prints a statement as it comes, so that its length does not matter.
protocol StatementPrinter {
  /// Prints what comes before the movements.
  mutating func begin() throws
  mutating func add(_ movement: MovementView, _ after: AccountAmounts)
  /// Prints what comes after them, once it is certain that they add up.
  mutating func end() throws
}
