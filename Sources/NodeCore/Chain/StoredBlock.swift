package import Ledger
package import Primitives
package import Replica

/// The block of one committed height with its records in the log.
package struct StoredBlock: Sendable {
  package var block: Block
  package var execution: ExecutionRecord
  /// The block's own finalization, if it has one.
  package var finalization: Certificate?
}
