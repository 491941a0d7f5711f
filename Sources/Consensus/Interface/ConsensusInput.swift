package import Primitives

/// Something that happens to the machine. The caller has authenticated and verified every input. The machine itself
/// bounds what a faulty validator can still choose freely (views, digests).
package enum ConsensusInput: Equatable, Sendable {
  /// A vote with a valid signature. The vote of another validator is passed in when it arrives; an own vote only once
  /// its record is durable, because it does not count before (R26).
  case vote(Vote)
  /// A validator repeated a vote that is already known, so it lacks the certificate that followed from it. The
  /// signature need not be verified, because the link identifies the sender (R25).
  case repeated(Statement, by: ValidatorIndex)
  /// A certificate whose form, signers and signatures are valid.
  case certificate(Certificate)
  /// The answer to `.build`: the block, which is durable or becomes durable together with the vote; nil if building
  /// failed.
  case built(Round, block: Digest?)
  /// The alternative answer to `.build`: there is no transaction to put into a block after all. The leader is asked
  /// again after the next `.work(true)`.
  case declined(Round)
  /// The answer to `.check`, given only once it is known: missing data is not an answer.
  case checked(Proposal, valid: Bool)
  /// The answer to `.certify`, given once the block is durable and executed: its result, or nil if the block can
  /// never be executed.
  case certified(Proposal, result: Digest?)
  /// Whether the mempool holds a transaction. May be repeated.
  case work(Bool)
  /// An authenticated message of any kind came from this validator.
  case heard(ValidatorIndex)
  /// The link to this validator was made or lost.
  case linked(ValidatorIndex, Bool)
  /// A node whose memory of own votes is incomplete stops listening and may vote in rounds above this one (R30).
  case allowVoting(above: Round)
  /// The node must not vote any more: its disk failed, its execution differs, or its key is in use elsewhere.
  case stopVoting
  /// Time has passed. Due deadlines act on this input only, so that an answer that has already arrived comes first.
  case tick
}
