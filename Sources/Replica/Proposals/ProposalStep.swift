internal import Consensus
internal import Primitives

/// How far a block that is to be built, checked or executed is.
enum ProposalStep {
  /// Nothing can be done now.
  case waiting
  /// This block is missing.
  case missing(Digest)
  /// The state must stand on this block first.
  case needsState(of: Digest)
  /// Done: what the consensus is to hear, after the changes of the chain were applied, if there are any.
  case answer(ConsensusInput, Chain.Changes? = nil)
}
