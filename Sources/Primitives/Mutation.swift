/// A deliberate defect, in debug builds alone: a run of the simulated world with it must be caught.
///
/// Each has a hook of one line, `if Mutation.name.isOn`, where a sound program does otherwise.
package enum Mutation: String, CaseIterable, Sendable {
  #if DEBUG
    /// Task-local, so that tests that run at the same time do not disturb each other.
    @TaskLocal package static var current: Mutation?

    package var isOn: Bool { Mutation.current == self }
  #else
    /// The compiler removes the hooks.
    @inlinable package var isOn: Bool { false }
  #endif

  // MARK: The shell around the replica

  /// Sends leave without waiting for the log.
  case sendBeforeSync
  /// The disk says "durable" before it is.
  case durableBeforeSync
  /// A restart does not read its own votes, and its signer's guard neither.
  case forgetVotesOnRestart
  /// A node whose directory was lost starts like one that never voted.
  case voteAfterLoss
  /// A restart does not look at what was said in the part of its log that was pruned.
  case ignorePruneMark
  /// Every signature is taken for good.
  case trustSignatures
  /// A node serves blocks from the height behind the one that was asked for.
  case serveNextBlock
  /// A repair gives a final block up when one peer does not answer.
  case giveUpUnanswered
  /// Blocks are not written to the log.
  case dropBlocks
  /// A restart finds the disk as it was some time ago.
  case restoreOldDisk

  // MARK: Votes and certificates

  /// A vote that comes again counts again.
  case countSignerTwice
  /// One vote less makes a certificate.
  case quorumOffByOne
  /// However few signers are a quorum in a certificate that a peer sends.
  case anyCertificate
  /// Votes for different results of one block add up.
  case addUpResults
  /// The log's own nullify votes are not read at a start.
  case forgetNullify
  /// Finalize is said in views that were given up.
  case finalizeAfterNullify
  /// Views between a block and its parent need no nullification.
  case skipNullifications
  /// A timer of the view before gives that up.
  case staleTimer
  /// Own votes are sent once.
  case neverResend

  // MARK: Blocks

  /// A block may name any result of its parent.
  case skipParentResult
  /// A block may have any time.
  case skipTimestamp
  /// Ids of applied transactions are not remembered.
  case forgetIdentities
}
