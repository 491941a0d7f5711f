package import Primitives

/// What the log holds above the last finalization, for a node that starts again.
package struct RestoredConsensus: Sendable {
  /// The newest finalization; nil when only genesis is final.
  package var finalization: Certificate?
  /// Own votes above it, in any order. Their signatures are not looked at, only sent again.
  package var ownVotes: [Vote]
  /// Certificates above it, verified, in any order.
  package var certificates: [Certificate]
  /// The directory was lost: own votes may exist that the log does not know. The machine listens, without
  /// voting, until `.allowVoting` names the view above which it may vote (R30).
  package var directoryLost: Bool

  package init(
    finalization: Certificate? = nil, ownVotes: [Vote] = [], certificates: [Certificate] = [],
    directoryLost: Bool = false
  ) {
    self.finalization = finalization
    self.ownVotes = ownVotes
    self.certificates = certificates
    self.directoryLost = directoryLost
  }
}
