package import Primitives

/// The contents of the log above the last finalization, for a node that restarts.
///
/// A log may also hold entries of earlier epochs; a machine is restored from those of its own epoch (`limited(to:)`).
package struct RestoredConsensus: Sendable {
  /// The newest finalization; nil when only genesis is final.
  package var finalization: Certificate?
  /// Own votes above the finalization, in any order. Their signatures are not verified, only sent again.
  package var ownVotes: [Vote]
  /// Own statements above the finalization that may have been said and whose signatures are not to be had, in any order.
  package var unsigned: [Statement]
  /// Verified certificates above the finalization, in any order.
  package var certificates: [Certificate]
  package var memory: VoteMemory

  package init(
    finalization: Certificate? = nil, ownVotes: [Vote] = [], unsigned: [Statement] = [],
    certificates: [Certificate] = [], memory: VoteMemory = .complete(above: .genesis)
  ) {
    self.finalization = finalization
    self.ownVotes = ownVotes
    self.unsigned = unsigned
    self.certificates = certificates
    self.memory = memory
  }

  /// The part that belongs to this epoch.
  func limited(to epoch: Epoch) -> RestoredConsensus {
    var limited = self
    if finalization?.statement.epoch != epoch { limited.finalization = nil }
    limited.ownVotes.removeAll { $0.statement.epoch != epoch }
    limited.unsigned.removeAll { $0.epoch != epoch }
    limited.certificates.removeAll { $0.statement.epoch != epoch }
    return limited
  }
}
