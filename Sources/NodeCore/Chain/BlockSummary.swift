package import Ledger
package import Primitives
package import Replica

/// A committed block without its transactions.
package struct BlockSummary: Sendable {
  package var header: BlockHeader
  /// The size of the whole block.
  package var byteCount: Int
  package var execution: ExecutionRecord
  /// The block's own finalization, if it has one.
  package var finalization: Certificate?
}
