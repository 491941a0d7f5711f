/// A deliberate defect, in debug builds only. A simulation that runs with one must detect it.
///
/// Each mutation is a hook of one line, `if Mutation.name.isOn`, at a place where a correct program behaves
/// differently.
package enum Mutation: String, CaseIterable, Sendable {
  #if DEBUG
    /// Task-local, so that tests that run in parallel do not disturb each other.
    @TaskLocal package static var current: Mutation?

    package var isOn: Bool { Mutation.current == self }
  #else
    /// Constant, so that the compiler removes the hooks.
    @inlinable package var isOn: Bool { false }
  #endif

  // MARK: The shell around the replica

  /// Frames are sent without waiting for the log.
  case sendBeforeSync
  /// The disk reports "durable" before the data is.
  case durableBeforeSync
  /// After a restart, neither the node nor its vote guard reads the node's own votes.
  case forgetVotesOnRestart
  /// After a restart, the node does not ask its signer what that signed for it.
  case forgetSaid
  /// A node that lost its directory starts like one that has never voted.
  case voteAfterLoss
  /// After a restart, the node ignores what it said in the pruned part of its log.
  case ignorePruneMark
  /// Every signature is accepted as valid.
  case trustSignatures
  /// A node serves blocks from the height after the requested one.
  case serveNextBlock
  /// A repair gives up on a final block when one peer does not answer.
  case giveUpUnanswered
  /// A running node repairs its log without the final blocks that were lost.
  case skipLostBlocks
  /// Blocks are not written to the log.
  case dropBlocks
  /// A restart finds the disk in an earlier state.
  case restoreOldDisk

  // MARK: Votes and certificates

  /// A repeated vote counts again.
  case countSignerTwice
  /// One vote less than a quorum makes a certificate.
  case quorumOffByOne
  /// A peer's certificate is accepted however few signers it has.
  case anyCertificate
  /// Votes for different results of one block add up.
  case addUpResults
  /// A restart does not read the nullify votes in the node's log.
  case forgetNullify
  /// The node votes finalize in views that it gave up.
  case finalizeAfterNullify
  /// Views between a block and its parent need no nullification.
  case skipNullifications
  /// A timer of the previous view gives that view up.
  case staleTimer
  /// Own votes are sent only once.
  case neverResend

  // MARK: Epochs

  /// The validators of the epoch before judge the next one.
  case keepValidators
  /// A node signs with the key that it had before, as long as it has it.
  case keepVoteKey
  /// A node votes at once with every key, as if it had never signed anything.
  case trustEveryKey

  // MARK: Blocks

  /// A block may claim any result of its parent.
  case skipParentResult
  /// A block may have any time.
  case skipTimestamp
  /// Ids of applied transactions are not remembered.
  case forgetIdentities
  /// A capture pays, but leaves the hold as it was.
  case captureTwice
  /// The chain keeps what expired holds hold.
  case keepExpired
}
