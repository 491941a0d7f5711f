package import Primitives

/// What the log holds above the last finalization, for a node that starts again.
///
/// A log may hold what earlier epochs left; a machine is restored from what is of its own epoch (`limited(to:)`).
package struct RestoredConsensus: Sendable {
  /// The newest finalization; nil when only genesis is final.
  package var finalization: Certificate?
  /// Own votes above it, in any order. Their signatures are not looked at, only sent again.
  package var ownVotes: [Vote]
  /// Certificates above it, verified, in any order.
  package var certificates: [Certificate]
  /// The directory was lost: own votes may exist that the log does not know. The machine listens, without
  /// voting, until `.allowVoting` names the round above which it may vote (R30).
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

  /// What of it is of this epoch.
  func limited(to epoch: Epoch) -> RestoredConsensus {
    var limited = self
    if finalization?.statement.epoch != epoch { limited.finalization = nil }
    limited.ownVotes.removeAll { $0.statement.epoch != epoch }
    limited.certificates.removeAll { $0.statement.epoch != epoch }
    return limited
  }
}
