package import BlockLog
package import Ledger
package import Primitives
package import Replica

/// Receives the results of the work on a node's snapshots.
package protocol SnapshotReceiver<Storage> {
  associatedtype Storage: Disk

  /// The state at a height was copied. `SnapshotCommand.durable` is due when everything that the log was given so far
  /// is durable.
  func copied(_ height: Height)
  /// A new snapshot, a file of `bytes` bytes, has its final name and is durable. `longestPiece`: the longest time in
  /// microseconds for which copying held up the replica.
  func made(_ manifest: SnapshotManifest, bytes: Int, longestPiece: UInt64)
  /// Nothing in the log proves the block of a snapshot, or a closing that leads to its epoch is missing. It is given up.
  func unproven(_ height: Height)
  /// Builds the state of a fetched snapshot after verifying its proof.
  func load(_ stored: StoredSnapshot<Storage>) throws(SnapshotFault) -> LoadedState
  /// A fetched snapshot was loaded.
  func loaded(_ state: consuming LoadedState)
  /// A fetched snapshot cannot be loaded and was removed.
  func failed(_ height: Height)
}
