package import Ledger

/// The source of the chunks of a snapshot that is being loaded: in order, decoded and verified.
package protocol SnapshotChunks: ~Copyable {
  /// The next chunk, nil after the last one.
  mutating func next() throws(SnapshotFault) -> StateChunk?
}
