/// A deliberate defect in the shell around the replicas: a run with it must be caught by the oracles.
package enum Defect: String, CaseIterable, Sendable {
  /// Sends leave without waiting for the log.
  case sendBeforeSync
  /// The disk says "durable" before it is.
  case durableBeforeSync
  /// A restart does not read its own votes, and its signer's guard neither.
  case forgetVotesOnRestart
  /// A node whose directory was lost starts like one that never voted.
  case voteAfterLoss
  /// Every signature is taken for good.
  case trustSignatures
  /// Blocks are not written to the log.
  case dropBlocks
  /// A restart finds the disk as it was some time ago.
  case restoreOldDisk
  /// One node executes differently.
  case differentExecution
}
