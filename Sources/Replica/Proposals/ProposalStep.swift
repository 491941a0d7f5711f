internal import Consensus
internal import Primitives

/// The progress of a block that is to be built, checked or executed.
enum ProposalStep {
  /// Nothing can be done now.
  case waiting
  /// This block is missing.
  case missing(Digest)
  /// The state must first be moved to this block.
  case needsState(of: Digest)
  /// The answer for the consensus, to be given after the changes of the chain, if any, have been applied.
  case answer(ConsensusInput, Chain.Changes? = nil)
}
