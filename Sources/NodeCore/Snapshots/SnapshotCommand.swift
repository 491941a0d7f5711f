package import Ledger
package import Primitives
package import Replica

/// What must be done about a node's snapshots, in order.
package enum SnapshotCommand: Sendable {
  /// A state of at most `bound` rows was pinned.
  case begin(Height, bound: Int)
  case batch(StateEntryBatch)
  /// The whole state was copied; the longest part took this many microseconds.
  case copied(longestPiece: UInt64)
  /// The log is durable beyond the block of a snapshot whose state was copied, and the closings are stored.
  case durable(Height)
  /// They are not, so the snapshot of this height is given up.
  case giveUp(Height)
  /// A step for a snapshot that is being fetched.
  case step(SnapshotStep)
  /// The chain has reached the height of a snapshot that was being fetched, which is no longer needed.
  case overtaken
}
