internal import Consensus
internal import Primitives

/// A block to be built because it is this node's turn.
struct PendingBuild {
  var round: Round
  var parent: BlockReference
  /// Whether an empty block is wanted, to carry finality forward.
  var isEmptyWanted: Bool
  /// The earliest time to build the block, if the chain's time is ahead of the clock.
  var notBefore: Tick?
}
