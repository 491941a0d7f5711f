/// The results of a run under load. Rates are per simulated second; shares are fractions of the measured time.
package struct LoadFigures: Equatable, Sendable, Codable {
  package var validators = 0
  /// Measured blocks, and the simulated seconds for them. There are fewer blocks than planned if the time ran out.
  package var blocks = 0
  package var seconds = 0.0
  package var transactionsPerSecond = 0.0
  package var transactionsPerBlock = 0.0
  package var bytesPerBlock = 0.0
  package var bytesPerTransaction = 0.0
  package var blocksPerSecond = 0.0
  /// Milliseconds from submission to commit at the same node.
  package var latencyMedian = 0.0
  package var latency99 = 0.0
  /// What the leader of a view sends during that view, and what a node sends on average.
  package var leaderBytesPerSecond = 0.0
  package var nodeBytesPerSecond = 0.0
  /// Frames that a node receives per block.
  package var framesPerBlock = 0.0
  /// Signatures that a node checks per block, including those of its transactions.
  package var checksPerBlock = 0.0
  /// The part of them that belongs to votes, single or in certificates.
  package var voteChecksPerBlock = 0.0
  /// Copies of a block in addition to the leader's n − 1, requested because votes for it arrived before the block.
  package var copiesAgainPerBlock = 0.0
  /// Views given up since the start of the run, summed over all nodes.
  package var viewsGivenUp = 0

  // MARK: How busy the parts of a node are, on average
  package var checkShare = 0.0
  package var replicaShare = 0.0
  package var networkShare = 0.0
  package var outgoingShare = 0.0
  package var incomingShare = 0.0
  package var diskShare = 0.0

  // MARK: Where the time of a view goes, from proposal to proposal
  /// The leader's line is sending the proposal, and there is no quorum yet.
  package var sendingShare = 0.0
  /// The proposal has left the leader, and the next leader is waiting for a quorum.
  package var votingShare = 0.0
  /// The next leader has the quorum; it executes, builds, checks and stores.
  package var buildingShare = 0.0

  package init() {}
}
