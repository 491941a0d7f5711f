package import Primitives

/// The settings of one epoch's machine, which never change while it runs.
package struct ConsensusConfiguration: Sendable {
  /// The epoch and its validators, which determine the leaders, the voters and the size of a quorum.
  package var validators: ValidatorSet
  /// This node's index among the validators; nil for a node that only observes.
  package var own: ValidatorIndex?
  /// The block of view 0, final by definition: genesis, or the closing block of the epoch before.
  package var openingBlock: Digest
  /// The finalization of the opening block, of the epoch before; nil in the first epoch.
  package var openingCertificate: Certificate?
  /// Δ, the assumed message delay: a view waits 2Δ for its proposal and 3Δ for its certification.
  package var deltaMicroseconds: UInt64
  /// The upper limit of Δ, which grows while nothing is finalized.
  package var maximumDeltaMicroseconds: UInt64
  /// The interval at which unanswered votes and requests are sent again.
  package var retryMicroseconds: UInt64
  /// The node does not wait for a leader from which it has heard nothing for this long while it heard a quorum.
  package var silenceMicroseconds: UInt64

  package init(
    validators: ValidatorSet, own: ValidatorIndex?, openingBlock: Digest, openingCertificate: Certificate? = nil,
    deltaMicroseconds: UInt64 = 250_000,
    maximumDeltaMicroseconds: UInt64 = 4_000_000, retryMicroseconds: UInt64 = 500_000,
    silenceMicroseconds: UInt64 = 10_000_000
  ) {
    precondition(own.map(validators.contains) ?? true, "own index outside the \(validators.count) validators")
    precondition(deltaMicroseconds > 0 && retryMicroseconds > 0, "a timer of zero would fire endlessly")
    self.validators = validators
    self.own = own
    self.openingBlock = openingBlock
    self.openingCertificate = openingCertificate
    self.deltaMicroseconds = deltaMicroseconds
    self.maximumDeltaMicroseconds = max(deltaMicroseconds, maximumDeltaMicroseconds)
    self.retryMicroseconds = retryMicroseconds
    self.silenceMicroseconds = silenceMicroseconds
  }

  package var epoch: Epoch { validators.epoch }
}
