package import BlockLog
package import Primitives
package import Replica

/// Why a node's log cannot be opened or replayed.
package enum StartupError: Error {
  case log(LogError)
  /// The chain's only validator has no log, and nobody else can tell it what it said.
  case soleLogMissing
  case pruneMark(CodecError)
  case snapshots(SnapshotFault)
  /// The log begins above a height whose snapshot is missing.
  case snapshotMissing(Height)
  case records(RestorationError)
}
