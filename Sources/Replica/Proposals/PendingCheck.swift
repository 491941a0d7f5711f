internal import Consensus
internal import Primitives

/// A proposal whose block must be checked before the notarize vote.
struct PendingCheck {
  enum Stage {
    /// Waiting for the block or for its parent.
    case waiting
    /// The content is valid; signatures are being verified under these tickets.
    case verifying(Set<Ticket>)
  }

  var proposal: Proposal
  var parent: BlockReference
  var stage = Stage.waiting
  /// Whether the block, apart from its signatures, was found valid on its parent.
  var isContentValid = false
  /// Indices in the block of the transactions whose signatures are verified for this check.
  var places: Set<Int> = []
  /// Whether it has waited for verifications of transactions that were already under way. It does so only once, because
  /// these may fail.
  var hasAwaited = false
}
