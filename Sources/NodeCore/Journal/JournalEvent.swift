package import BlockLog
package import Primitives
package import Replica

/// What a journal did.
package enum JournalEvent: Sendable {
  /// Records up to this position are on disk.
  case durable(LogPosition)
  /// These final blocks can be read from the log now.
  case stored([Commit])
  /// Everything that was handed over before this barrier is on disk.
  case reached(Height)
  /// There was no room to prepare the log's next segment.
  case unprepared(LogError)
  case retiring(RetiredSegments)
  case pruned(RetiredSegments)
  case pruneFailed(LogError)
  case repaired(DamagedStretch, records: Int)
  case repairFailed(DamagedStretch, LogError)
}
