package import Primitives

/// How much of what this node has voted its log remembers.
package enum VoteMemory: Equatable, Sendable {
  /// Every own vote above this round is in the log, so the node may vote there.
  case complete(above: Round)
  /// Own votes of any round may be missing, because the log was lost or damaged. The machine listens without voting until
  /// `.allowVoting` names the round above which it may vote (R30, R32).
  case incomplete
}
