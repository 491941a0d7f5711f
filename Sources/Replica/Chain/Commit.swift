package import Ledger
package import Primitives

/// A final block with the record of its execution. Emitted once per height, in order.
package struct Commit: Sendable {
  package var block: Block
  package var execution: ExecutionRecord
  /// The block's own finalization; nil if the block is final through a descendant.
  package var finalization: Certificate?
  /// The closing of the epoch if the block is its last.
  package var closing: Closing?
  /// What the block changed in the state; nil unless the configuration asks for it.
  package var rows: RowChanges?

  package var height: Height { block.header.height }

  package var point: ChainPoint {
    ChainPoint(
      height: height, block: block.digest, result: execution.digest, timestamp: block.header.timestamp,
      stateRoot: execution.result.stateRoot,
      above: execution.result.above ?? EpochReference(epoch: .first, configuration: .zero))
  }
}
