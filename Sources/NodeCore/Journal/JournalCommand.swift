package import BlockLog
package import Ledger
package import Primitives
package import Replica

/// What a journal must do, in order.
package enum JournalCommand: Sendable {
  case append([PendingRecord])
  /// Store closings that were fetched, before the log continues above a snapshot of their epoch.
  case keep([Closing])
  /// These blocks became final; their records have already been handed over.
  case commit([Commit])
  /// The state at this height was copied for a snapshot; to be answered when everything before it is durable, with the
  /// closings that lead to its epoch.
  case barrier(Height)
  /// Find the segments that may be removed such that all blocks above a height remain.
  case retire(through: Height)
  /// Make the log begin after these segments, which by now are also wherever else they are needed.
  indirect case prune(RetiredSegments)
  /// Rewrite a damaged stretch with the fetched records of the blocks that were in it.
  indirect case repair(DamagedStretch, heights: [Height], with: [FinalRecord])
}
