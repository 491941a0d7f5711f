package import BlockLog
package import Ledger
package import Primitives
package import Replica

/// Who hears what became of a node's snapshots.
package protocol SnapshotReceiver<Storage> {
  associatedtype Storage: Disk

  /// The state of a height was copied: `SnapshotCommand.durable` is due when everything that the log was given so far is
  /// on disk.
  func copied(_ height: Height)
  /// A new snapshot, a file of `bytes`, has its name and is durable. `longestPiece`: microseconds that copying held up the replica at most.
  func made(_ manifest: SnapshotManifest, bytes: Int, longestPiece: UInt64)
  /// Nothing in the log proves the block of a snapshot: it is given up.
  func unproven(_ height: Height)
  /// Makes the state of a fetched snapshot, once it has verified its proof.
  func load(_ stored: StoredSnapshot<Storage>) throws(SnapshotFault) -> LoadedState
  /// A fetched snapshot is loaded.
  func loaded(_ state: consuming LoadedState)
  /// A fetched snapshot cannot be loaded, and is gone.
  func failed(_ height: Height)
}
