package import Ledger
package import Primitives

/// The place and outcome of a final transaction.
package struct FinalizedTransaction: Hashable, Sendable {
  package var id: Digest
  package var height: Height
  /// Its index in the block.
  package var index: Int
  package var outcome: TransactionOutcome

  package init(id: Digest, height: Height, index: Int, outcome: TransactionOutcome) {
    self.id = id
    self.height = height
    self.index = index
    self.outcome = outcome
  }
}
