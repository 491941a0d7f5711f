import Cryptography
import Primitives

@testable import Ledger

/// A snapshot in memory, with what a node writes to its disk and its peers fetch.
struct MadeSnapshot {
  var manifest: SnapshotManifest
  var chunks: [[UInt8]]

  /// Sorts copied entries into the chunks of a snapshot.
  init(_ batches: [StateEntryBatch], proof: CertifiedBlock, suite: Suite = .p256SHA256) throws {
    var hash = HashFunction(suite)
    let count = batches.reduce(0) { $0 + $1.count }
    let bits = SnapshotManifest.prefixBits(entries: UInt64(count))
    var encoders = (0..<1 << bits).map { _ in StateChunkEncoder() }
    for batch in batches {
      batch.forEach(hash: &hash) { entry, key in
        encoders[SnapshotManifest.chunk(of: key, bits: bits)].add(entry, key: key)
      }
    }
    chunks = encoders.map { $0.finish() }
    var digests: [Digest] = []
    for (index, bytes) in chunks.enumerated() {
      digests.append(try StateChunk(bytes, index: index, prefix: KeyPrefix(index, bits: bits), hash: &hash).digest)
    }
    manifest = SnapshotManifest(entryCount: UInt64(count), chunks: digests, proof: proof)
  }

  func load(_ genesis: Genesis) throws -> LedgerState {
    var hash = HashFunction(.p256SHA256)
    try manifest.verify(genesis.chain, hash: &hash)
    var loader = SnapshotLoader(manifest, genesis: genesis)
    for (index, bytes) in chunks.enumerated() { try loader.add(manifest.chunk(index, bytes, hash: &hash)) }
    return try loader.finish()
  }
}

extension LedgerState {
  /// Copies the pinned state a few rows at a time and calls `between` after each piece.
  mutating func copyAll(rows: Int, between: (inout LedgerState) throws -> Void = { _ in }) rethrows -> [StateEntryBatch]
  {
    var batches: [StateEntryBatch] = []
    var cursor = PinnedCursor()
    var isMore = true
    while isMore {
      var batch = StateEntryBatch()
      isMore = copyPinned(&cursor, rows: rows, into: &batch)
      batches.append(batch)
      try between(&self)
    }
    return batches
  }

  /// A proof of the settled block without real signatures.
  func proof(_ block: Block, _ result: BlockResult) -> CertifiedBlock {
    var hash = HashFunction(chain.suite)
    let proposal = Proposal(epoch: .first, view: View(block.height.rawValue), parent: .genesis, block: block.digest)
    return CertifiedBlock(
      header: block.header, result: result, descendants: [],
      certificate: Certificate(
        statement: .finalize(proposal, result: result.digest(hash: &hash)), signers: [ValidatorIndex(0)],
        signatures: [Signature(first: .zero, second: .zero)]))
  }
}
