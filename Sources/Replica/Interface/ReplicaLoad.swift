/// How much a replica holds in memory, for statistics and for checks of its bounds.
package struct ReplicaLoad: Equatable, Sendable {
  /// Blocks above the committed tip.
  package var blocks: Int
  /// Blocks that are being requested.
  package var wantedBlocks: Int
  /// Batches of signatures that are being verified.
  package var checks: Int
  /// Own votes whose records are not durable yet.
  package var waitingVotes: Int
  package var transactions: Int
}

extension Replica {
  package var load: ReplicaLoad {
    ReplicaLoad(
      blocks: chain.tree.count, wantedBlocks: blockSync.wantedCount, checks: context.tickets.count,
      waitingVotes: votes.own.count, transactions: admission.count)
  }
}
