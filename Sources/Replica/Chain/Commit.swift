package import Ledger
package import Primitives

/// A block that is final, with what its execution gave. Emitted once per height, in order.
package struct Commit: Sendable {
  package var block: Block
  package var execution: ExecutionRecord
  /// The block's own finalization; nil if it is final through a descendant.
  package var finalization: Certificate?

  package var height: Height { block.header.height }

  package var point: ChainPoint {
    ChainPoint(
      height: height, block: block.digest, result: execution.digest, timestamp: block.header.timestamp,
      stateRoot: execution.result.stateRoot)
  }
}
