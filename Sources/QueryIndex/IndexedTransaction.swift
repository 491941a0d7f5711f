package import Ledger

/// What the index contains about one transaction.
package struct IndexedTransaction: Hashable, Sendable {
  package var place: IndexedPlace
  package var outcome: TransactionOutcome
}
