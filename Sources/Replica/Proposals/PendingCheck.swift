internal import Consensus
internal import Primitives

/// A proposal whose block must be checked before the notarize vote.
struct PendingCheck {
  var proposal: Proposal
  var parent: BlockReference
  /// The verification of the block's signatures; nil until the rest of the block was found valid on its parent.
  var signatures: BlockVerification?
}
