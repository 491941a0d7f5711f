package import Ledger
package import Primitives

/// Where a transaction ended up.
package struct FinalizedTransaction: Hashable, Sendable {
  package var id: Digest
  package var height: Height
  /// Its place in the block.
  package var index: Int
  package var outcome: TransactionOutcome

  package init(id: Digest, height: Height, index: Int, outcome: TransactionOutcome) {
    self.id = id
    self.height = height
    self.index = index
    self.outcome = outcome
  }
}
