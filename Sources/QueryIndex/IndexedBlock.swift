package import Ledger

/// A final block with the outcomes of its transactions.
package struct IndexedBlock: Sendable {
  package var block: Block
  /// One for each transaction, in order.
  package var outcomes: [TransactionOutcome]

  package init(block: Block, outcomes: [TransactionOutcome]) {
    self.block = block
    self.outcomes = outcomes
  }
}
