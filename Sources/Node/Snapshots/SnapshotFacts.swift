internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore
package import Primitives
internal import Replica

/// A summary of a snapshot, from its manifest.
package struct SnapshotFacts: Hashable, Sendable {
  package var height: Height
  /// The size of its file.
  package var bytes: Int
  package var entries: UInt64
  package var chunks: Int
  /// The block after which the state was taken.
  package var block: Digest
  package var blockTime: Timestamp
  package var stateRoot: Digest

  init(_ stored: StoredSnapshot<FileDisk>, chain: ChainContext) {
    self.init(stored.manifest, bytes: stored.byteCount, chain: chain)
  }

  init(_ manifest: SnapshotManifest, bytes: Int, chain: ChainContext) {
    var hash = HashFunction(chain.suite)
    height = manifest.height
    self.bytes = bytes
    entries = manifest.entryCount
    chunks = manifest.chunks.count
    block = manifest.proof.header.digest(chain, hash: &hash)
    blockTime = manifest.proof.header.timestamp
    stateRoot = manifest.proof.result.stateRoot
  }
}
