/// What a run under load showed. Rates are per simulated second; shares are of the measured time.
package struct LoadFigures: Equatable, Sendable, Codable {
  package var validators = 0
  /// Measured blocks, and simulated seconds that they took. Fewer blocks than planned: the time was over.
  package var blocks = 0
  package var seconds = 0.0
  package var transactionsPerSecond = 0.0
  package var transactionsPerBlock = 0.0
  package var bytesPerBlock = 0.0
  package var bytesPerTransaction = 0.0
  package var blocksPerSecond = 0.0
  /// Milliseconds from the submission to the commit at the same node.
  package var latencyMedian = 0.0
  package var latency99 = 0.0
  /// What the leader of a view sends during it, and what a node sends in the mean.
  package var leaderBytesPerSecond = 0.0
  package var nodeBytesPerSecond = 0.0
  /// Frames that a node receives for each block.
  package var framesPerBlock = 0.0
  /// Signatures that a node checks for each block, those of its transactions included.
  package var checksPerBlock = 0.0
  /// Those of votes, alone and in certificates.
  package var voteChecksPerBlock = 0.0
  /// Copies of a block that were asked for, because votes for it came before it, besides the leader's n − 1.
  package var copiesAgainPerBlock = 0.0
  /// Views that a node gave up, all nodes together, from the start of the run.
  package var viewsGivenUp = 0

  // MARK: How busy a node's parts are, in the mean
  package var checkShare = 0.0
  package var replicaShare = 0.0
  package var networkShare = 0.0
  package var outgoingShare = 0.0
  package var incomingShare = 0.0
  package var diskShare = 0.0

  // MARK: Where the time of a view goes, from proposal to proposal
  /// The leader's line sends the proposal, and no quorum is there yet.
  package var sendingShare = 0.0
  /// The proposal has left the leader, and the next leader waits for a quorum.
  package var votingShare = 0.0
  /// The next leader has the quorum, and executes, builds, checks and stores.
  package var buildingShare = 0.0

  package init() {}
}
