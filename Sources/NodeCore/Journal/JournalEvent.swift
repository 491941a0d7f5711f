package import BlockLog
package import Primitives
package import Replica

/// What a journal has done.
package enum JournalEvent: Sendable {
  /// Records up to this position are durable.
  case durable(LogPosition)
  /// These final blocks can now be read from the log.
  case stored([Commit])
  /// There was no room to store the closing of an epoch; it is tried again before anything relies on it.
  indirect case closingUnstored(DiskError)
  /// Everything that was handed over before this barrier is durable, and the closings are stored.
  case reached(Height)
  /// The records before this barrier are durable, but there was no room to store the closing of an epoch, so the snapshot
  /// must be given up.
  indirect case unreached(Height, DiskError)
  /// There was no room to prepare the log's next segment.
  indirect case unprepared(LogError)
  indirect case retiring(RetiredSegments)
  indirect case pruned(RetiredSegments)
  indirect case pruneFailed(LogError)
  /// A damaged stretch was rewritten; the void in it says whether own votes may be lost.
  indirect case repaired(DamagedStretch, records: Int, VoidMeaning)
  indirect case repairFailed(DamagedStretch, LogError)
}
