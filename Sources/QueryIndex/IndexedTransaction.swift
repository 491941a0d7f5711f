package import Ledger

/// What the index knows of one transaction.
package struct IndexedTransaction: Hashable, Sendable {
  package var place: IndexedPlace
  package var outcome: TransactionOutcome
}
