internal import Consensus
internal import Primitives

/// A proposal whose block is to be judged before the notarize vote.
struct PendingCheck {
  enum Stage {
    /// Waits for the block or for its parent.
    case waiting
    /// Content is valid; signatures are being verified, under these tickets.
    case verifying(Set<Ticket>)
  }

  var proposal: Proposal
  var parent: BlockReference
  var stage = Stage.waiting
  /// The block without its signatures was found valid on its parent.
  var isContentValid = false
  /// Places in the block of transactions whose signatures are verified for it.
  var places: Set<Int> = []
  /// It has waited for checks of transactions that were under way already; it does so once, as these may fail.
  var hasAwaited = false
}
