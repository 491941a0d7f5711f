package import Ledger
internal import Primitives

/// The end of the log in a restoration that starts from a snapshot.
package struct RestorationEnd: Sendable {
  /// Blocks that are final because the snapshot's block is.
  package var final: [FinalBlock] = []
  /// Set if the log does not reach up to the snapshot. The log then continues above the snapshot, and this must be
  /// recorded in it.
  package var base: CertifiedBlock?
}
