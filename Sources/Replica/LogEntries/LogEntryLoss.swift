/// What it means if damage destroyed a record of some kind (protocol rule R32).
package enum LogEntryLoss: Sendable {
  /// Every peer that has the block can replace the record.
  case replaceable
  /// The loss has no consequences: the content comes again or no longer matters.
  case harmless
  /// The record affects whether this node may vote. A running node still knows the content; a starting node does not.
  case votingState
  /// The record is an own vote, which nothing can restore.
  case ownVote
}
