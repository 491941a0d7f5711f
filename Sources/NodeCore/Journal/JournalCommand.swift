package import BlockLog
package import Primitives
package import Replica

/// What a journal is to do, in order.
package enum JournalCommand: Sendable {
  case append([PendingRecord])
  /// These blocks became final; their records were handed over before.
  case commit([Commit])
  /// The state of this height was copied for a snapshot: to be answered when everything before is on disk.
  case barrier(Height)
  /// Find the segments that may be removed so that all blocks above a height stay.
  case retire(through: Height)
  /// Let the log begin behind these segments: wherever else they are wanted, they are.
  case prune(RetiredSegments)
  /// Rewrite a damaged stretch with what was fetched of the blocks that were in it.
  case repair(DamagedStretch, heights: [Height], with: [FinalRecord])
}
