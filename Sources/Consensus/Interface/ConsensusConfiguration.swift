package import Primitives

/// What one epoch's machine needs to know and never changes while it runs.
package struct ConsensusConfiguration: Sendable {
  /// The epoch and its validators: they say who leads, who may vote and how many votes are a quorum.
  package var validators: ValidatorSet
  /// The own place among them; nil for a node that only watches.
  package var own: ValidatorIndex?
  /// The block of view 0, final by definition.
  package var genesisBlock: Digest
  /// Δ, the assumed message delay: a view waits 2Δ for its proposal and 3Δ for its certification.
  package var deltaMicroseconds: UInt64
  /// What Δ grows to at most while nothing is finalized.
  package var maximumDeltaMicroseconds: UInt64
  /// How often a vote or a request without an answer is sent again.
  package var retryMicroseconds: UInt64
  /// A leader from whom nothing came for this long, while a quorum was heard, is not waited for.
  package var silenceMicroseconds: UInt64

  package init(
    validators: ValidatorSet, own: ValidatorIndex?, genesisBlock: Digest, deltaMicroseconds: UInt64 = 250_000,
    maximumDeltaMicroseconds: UInt64 = 4_000_000, retryMicroseconds: UInt64 = 500_000,
    silenceMicroseconds: UInt64 = 10_000_000
  ) {
    precondition(own.map(validators.contains) ?? true, "own index outside a set of \(validators.count)")
    precondition(deltaMicroseconds > 0 && retryMicroseconds > 0, "a timer of zero would never rest")
    self.validators = validators
    self.own = own
    self.genesisBlock = genesisBlock
    self.deltaMicroseconds = deltaMicroseconds
    self.maximumDeltaMicroseconds = max(deltaMicroseconds, maximumDeltaMicroseconds)
    self.retryMicroseconds = retryMicroseconds
    self.silenceMicroseconds = silenceMicroseconds
  }

  package var epoch: Epoch { validators.epoch }
}
