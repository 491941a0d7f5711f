package import Ledger

/// Where a snapshot that is loaded gets its chunks from, in order, decoded and checked.
package protocol SnapshotChunks: ~Copyable {
  /// Nil behind the last.
  mutating func next() throws(SnapshotFault) -> StateChunk?
}
