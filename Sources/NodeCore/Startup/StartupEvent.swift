package import BlockLog
package import Primitives
package import Replica

/// What a start does, for people and for whoever watches.
package enum StartupEvent: Sendable {
  /// There is no log: one is made that listens before it votes.
  case logMissing
  /// The process ended while the log was being made, or before.
  case logEmpty
  case opened(RecoveryReport)
  /// A snapshot that cannot be used, which is removed.
  case snapshotRemoved(Height, SnapshotFault)
  /// The state begins with a snapshot.
  case snapshotLoaded(Height)
  /// A record was applied, the nth of so many, and what became final with it.
  case applied(RestoredRecord, count: Int, of: Int)
  /// Blocks that are final because the snapshot's block is.
  case final([FinalBlock])
  /// The log does not reach up to the snapshot: it goes on above it.
  case continued(above: Height)
}
