package import Primitives

/// The result of an audit.
package struct AuditReport: Sendable {
  /// Blocks above this height were checked: 0 for genesis, otherwise the height of a snapshot that a certificate
  /// proves.
  package var beginsAt: Height
  /// The height of the last final block that was checked.
  package var height: Height
  /// The digest of that block.
  package var block: Digest
  package var stateRoot: Digest
  /// The vote key of the validator that wrote the log; nil if the log does not name it.
  package var writer: PublicKey?
  package var records = 0
  package var bytes = 0
  package var transactions = 0
  package var operations = 0
  package var certificates = 0
  /// The number of signatures checked on transactions and certificates.
  package var signatures = 0
  /// Whether no signature was verified.
  package var isHashOnly = false
  package var seconds = 0.0
  /// The first fault; nil if there is none.
  package var firstFault: AuditFault?
  /// Whether the log has a finalization but not all of its blocks, because the node was catching up.
  package var isIncomplete = false
  /// The number of void records, which replace damaged records that could not be restored.
  package var voids = 0
  /// Why snapshots that the audit could have begun with were not usable.
  package var unusableSnapshots: [any ExplainedError] = []
  /// Whether the end of the log was being written, or was torn by a crash; the next start of the node cleans it up.
  package var isOpenEnded = false

  package init(beginsAt: Height, block: Digest, stateRoot: Digest) {
    self.beginsAt = beginsAt
    height = beginsAt
    self.block = block
    self.stateRoot = stateRoot
  }
}
