package import Ledger
package import Primitives
package import Replica

/// One committed height as the log holds it.
package struct StoredBlock: Sendable {
  package var block: Block
  package var execution: ExecutionRecord
  /// The block's own finalization, if it has one.
  package var finalization: Certificate?
}
