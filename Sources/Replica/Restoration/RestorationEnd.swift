package import Ledger
internal import Primitives

/// How the log ends for whoever began with a snapshot.
package struct RestorationEnd: Sendable {
  /// Blocks that are final because the snapshot's block is.
  package var final: [FinalBlock] = []
  /// Set if the log does not reach up to the snapshot: it goes on above that, and this is to be recorded in it.
  package var base: CertifiedBlock?
}
