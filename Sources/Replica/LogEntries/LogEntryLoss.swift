/// What it means that damage took a record of some kind (protocol rule R32).
package enum LogEntryLoss: Sendable {
  /// Every peer that has the block can replace it.
  case replaceable
  /// Nothing: it comes again, or led to nothing.
  case harmless
  /// What the log said about whether this node may vote. A running node still knows it; one that starts does not.
  case votingState
  /// An own vote, which nothing brings back.
  case ownVote
}
