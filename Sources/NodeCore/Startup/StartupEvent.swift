package import BlockLog
package import Primitives
package import Replica

/// What a start does, for people and for observers.
package enum StartupEvent: Sendable {
  /// There is no log: one is created, and the node listens before it votes.
  case logMissing
  /// The process ended while the log was being created, or before.
  case logEmpty
  case opened(RecoveryReport)
  /// A snapshot cannot be used and is removed.
  case snapshotRemoved(Height, SnapshotFault)
  /// The state begins with a snapshot.
  case snapshotLoaded(Height)
  /// A record was applied, number `count` of `of`, with what became final by it.
  case applied(RestoredRecord, count: Int, of: Int)
  /// Blocks that are final because the snapshot's block is.
  case final([FinalBlock])
  /// The log does not reach up to the snapshot and continues above it.
  case continued(above: Height)
}
