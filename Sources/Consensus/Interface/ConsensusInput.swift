package import Primitives

/// What happens to the machine. Everything in it was authenticated and verified by the caller; what a faulty
/// validator may still choose freely (views, digests) is the machine's to bound.
package enum ConsensusInput: Equatable, Sendable {
  /// A vote whose signature holds. One of another validator: when it arrives. An own one: when its record is
  /// durable, and only then does it count (R26).
  case vote(Vote)
  /// A validator says again what is known of it, so it lacks the certificate that came of it. Needs no signature, only the
  /// link that it came over.
  case repeated(Statement, by: ValidatorIndex)
  /// A certificate whose form, set and signatures hold.
  case certificate(Certificate)
  /// The answer to `.build`: the block, durable or about to be with the vote; nil if building failed.
  case built(Round, block: Digest?)
  /// The other answer to `.build`: there is nothing to put into a block after all. The leader is asked again at
  /// the next `.work(true)`.
  case declined(Round)
  /// The answer to `.check`, given only when it is known: missing data is no answer yet.
  case checked(Proposal, valid: Bool)
  /// The answer to `.certify`, given when the block is durable here and was executed: its result, or nil if it
  /// cannot be executed for good.
  case certified(Proposal, result: Digest?)
  /// Whether the mempool holds a transaction. May be repeated.
  case work(Bool)
  /// An authenticated message of any kind came from this validator.
  case heard(ValidatorIndex)
  /// The link to this validator was made, or is gone.
  case linked(ValidatorIndex, Bool)
  /// The listening of a node that lost its directory ends: it may vote in rounds above this one (R30).
  case allowVoting(above: Round)
  /// The node must not vote any more: its disk failed, its execution differs, its key runs elsewhere.
  case stopVoting
  /// Time passed; due deadlines act on this input only, so an answer that is already there comes first.
  case tick
}

extension ConsensusInput {
  /// The epoch whose votes, certificates or blocks it is about; nil if it is about none.
  var epoch: Epoch? {
    switch self {
    case .vote(let vote): vote.statement.epoch
    case .repeated(let statement, _): statement.epoch
    case .certificate(let certificate): certificate.statement.epoch
    case .built(let round, _), .declined(let round): round.epoch
    case .checked(let proposal, _), .certified(let proposal, _): proposal.epoch
    case .work, .heard, .linked, .allowVoting, .stopVoting, .tick: nil
    }
  }
}
