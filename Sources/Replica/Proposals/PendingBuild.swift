internal import Consensus
internal import Primitives

/// The own turn: a block is to be built.
struct PendingBuild {
  var round: Round
  var parent: BlockReference
  /// The block only carries finality forward.
  var isEmptyWanted: Bool
  /// Not before this tick, because the chain's time runs ahead of the clock.
  var notBefore: Tick?
}
