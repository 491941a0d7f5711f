package import Ledger

/// A finalized block with what became of its transactions.
package struct IndexedBlock: Sendable {
  package var block: Block
  /// One for each transaction, in order.
  package var outcomes: [TransactionOutcome]

  package init(block: Block, outcomes: [TransactionOutcome]) {
    self.block = block
    self.outcomes = outcomes
  }
}
