package import BlockLog
internal import Cryptography
package import Ledger
package import Primitives

/// The chunks of a stored snapshot, read and decoded one by one.
package struct StoredChunks<Storage: Disk>: SnapshotChunks, ~Copyable {
  private let stored: StoredSnapshot<Storage>
  private var hash: HashFunction
  private var index = 0

  package init(_ stored: StoredSnapshot<Storage>, suite: Suite) {
    self.stored = stored
    hash = HashFunction(suite)
  }

  package mutating func next() throws(SnapshotFault) -> StateChunk? {
    guard index < stored.manifest.chunks.count else { return nil }
    defer { index += 1 }
    return try stored.decodedChunk(index, hash: &hash)
  }
}
