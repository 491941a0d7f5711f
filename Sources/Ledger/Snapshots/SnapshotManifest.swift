package import Cryptography
package import Primitives

/// The contents of a snapshot: the digests of its chunks, and the proof that their root is that of a final state.
///
/// The state map is divided by the first bits of its keys, so that each chunk is one part of the map, and the digests
/// of the parts lead to the state root that a finalization covers. Once a manifest is verified, each chunk can
/// therefore be verified on its own, no matter who sent it (attack S4). The division follows from the number of entries
/// and their bytes, so the snapshots of one height are identical on every node, byte for byte.
package struct SnapshotManifest: Hashable, Sendable {
  /// The number of entries is a claim until all chunks are here.
  package var entryCount: UInt64
  /// The digests of the chunks in the order of their prefixes; that of a chunk without entries is the root of the empty
  /// map.
  package var chunks: [Digest]
  /// The prefixes of the chunks, in ascending order; empty if each has the same number of bits.
  ///
  /// Some have more bits than the others only if a chunk would otherwise be larger than `Limits.snapshotChunkBytes`:
  /// clients choose keys, and may choose them so that many digests begin with the same bits (attack S4).
  package let prefixes: [KeyPrefix]
  /// The block whose execution gave the state, with its proof.
  package var proof: CertifiedBlock

  package init(entryCount: UInt64, chunks: [Digest], prefixes: [KeyPrefix] = [], proof: CertifiedBlock) {
    self.entryCount = entryCount
    self.chunks = chunks
    self.prefixes = prefixes
    self.proof = proof
  }

  package var height: Height { proof.height }

  /// The prefix of a chunk's keys.
  package func prefix(of chunk: Int) -> KeyPrefix {
    prefixes.isEmpty ? KeyPrefix(chunk, bits: chunks.count.trailingZeroBitCount) : prefixes[chunk]
  }

  /// The smallest number of bits for which a chunk has at most `Limits.snapshotChunkEntries` entries on average, but
  /// not more than `Limits.snapshotPrefixBits`.
  package static func prefixBits(entries: UInt64) -> Int {
    var bits = 0
    while bits < Limits.snapshotPrefixBits, entries >> UInt64(bits) > UInt64(Limits.snapshotChunkEntries) { bits += 1 }
    return bits
  }

  /// The index of the chunk that contains a key.
  package static func chunk(of key: Digest, bits: Int) -> Int {
    bits == 0 ? 0 : Int(truncatingIfNeeded: key.word0 >> UInt64(64 - bits))
  }

  /// Checks everything except the signatures of the proof's certificate.
  package func verify(_ chain: ChainContext, hash: inout HashFunction) throws(SnapshotError) {
    do throws(ReceiptError) {
      try proof.verifyDescent(chain, hash: &hash)
    } catch {
      throw .proof(error)
    }
    let bits = Self.prefixBits(entries: entryCount)
    guard prefixes.isEmpty ? chunks.count == 1 << bits : chunks.count == prefixes.count else {
      throw .chunkCount(chunks.count, entries: entryCount)
    }
    if let chunk = prefixes.firstIndex(where: { $0.bits < bits }) { throw .chunkDivision(chunk: chunk) }
    if !prefixes.isEmpty, prefixes.allSatisfy({ $0.bits == bits }) { throw .chunkDivision(chunk: 0) }
    let root = MerkleMap.root(of: chunks, depth: { prefix(of: $0).bits }, hash: &hash)
    guard root == proof.result.stateRoot else {
      throw .otherRoot(computed: root, certified: proof.result.stateRoot)
    }
  }

  /// Checks everything, including the signatures of `validators`, which must be the set of the certificate's epoch.
  package func verify(_ chain: ChainContext, validators: ValidatorSet) throws(SnapshotError) {
    var hash = HashFunction(chain.suite)
    try verify(chain, hash: &hash)
    do throws(ReceiptError) {
      try proof.verify(chain, validators: validators)
    } catch {
      throw .proof(error)
    }
  }

  /// Decodes the chunk with this index and checks that the manifest names it.
  package func chunk(_ index: Int, _ bytes: [UInt8], hash: inout HashFunction) throws(SnapshotError) -> StateChunk {
    guard chunks.indices.contains(index) else { throw .noSuchChunk(index: index, count: chunks.count) }
    let chunk = try StateChunk(bytes, index: index, prefix: prefix(of: index), hash: &hash)
    guard chunk.digest == chunks[index] else { throw .otherChunk(index: index) }
    return chunk
  }

  /// Checks that chunks have more bits than the others only where it is necessary, so that this is the manifest that
  /// every node makes of the state.
  /// - Parameter sizes: the bytes of the chunks, in order.
  func checkDivision(_ sizes: [Int]) throws(SnapshotError) {
    guard !prefixes.isEmpty else { return }
    let bits = Self.prefixBits(entries: entryCount)
    _ = try KeyPrefix.combine(sizes.map { $0 - StateChunk.headerBytes }, depth: { prefixes[$0].bits }) {
      (depth, left, right, place) throws(SnapshotError) in
      guard depth < bits || left + right + StateChunk.headerBytes > Limits.snapshotChunkBytes else {
        throw .chunkDivision(chunk: place)
      }
      return left + right
    }
  }
}
