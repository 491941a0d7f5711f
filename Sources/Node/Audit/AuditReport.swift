package import Primitives

/// What an audit found.
package struct AuditReport: Sendable {
  /// Blocks above this height were checked: 0 for genesis, else that of a snapshot that a certificate vouches for.
  package var beginsAt: Height
  /// The last final height whose block was checked.
  package var height: Height
  /// The digest of that block.
  package var block: Digest
  package var stateRoot: Digest
  /// The vote key of the validator that wrote the log, nil if the log does not say.
  package var writer: PublicKey?
  package var records = 0
  package var bytes = 0
  package var transactions = 0
  package var operations = 0
  package var certificates = 0
  /// Signatures checked, of transactions and certificates.
  package var signatures = 0
  package var seconds = 0.0
  /// The first thing that is not as it must be, nil if all is.
  package var firstFault: AuditFault?
  /// A finalization whose blocks are not all in the log: the node was catching up.
  package var isIncomplete = false
  /// Records that stand in the place of others that were damaged and could not be brought back.
  package var voids = 0
  /// Why snapshots were passed over that the check might have begun at.
  package var unusableSnapshots: [any ExplainedError] = []
  /// The end of the log was being written, or was torn by a crash; a start of the node clears it.
  package var isOpenEnded = false

  package init(beginsAt: Height, block: Digest, stateRoot: Digest) {
    self.beginsAt = beginsAt
    height = beginsAt
    self.block = block
    self.stateRoot = stateRoot
  }
}
