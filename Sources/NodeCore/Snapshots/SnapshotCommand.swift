package import Ledger
package import Primitives
package import Replica

/// What is to be done about a node's snapshots, in order.
package enum SnapshotCommand: Sendable {
  /// A state is pinned, of so many rows at most.
  case begin(Height, bound: Int)
  case batch(StateEntryBatch)
  /// All of it was copied; the longest piece took so many microseconds.
  case copied(longestPiece: UInt64)
  /// The log is durable beyond the block of a snapshot whose state was copied.
  case durable(Height)
  /// For one that is being fetched.
  case step(SnapshotStep)
  /// The chain is as far as a snapshot that was being fetched: it is not wanted any more.
  case overtaken
}
