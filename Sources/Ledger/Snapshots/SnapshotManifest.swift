package import Cryptography
package import Primitives

/// The contents of a snapshot: the digests of its chunks, and the proof that their root is that of a final state.
///
/// The state map is divided by the first bits of its keys, so that each chunk is one part of the map, and the digests
/// of the parts lead to the state root that a finalization covers. Once a manifest is verified, each chunk can
/// therefore be verified on its own, no matter who sent it (attack S4). The number of chunks follows from the number
/// of entries, so the snapshots of one height are identical on every node, byte for byte.
package struct SnapshotManifest: Hashable, Sendable {
  static let version: UInt8 = 1

  package var entryCount: UInt64
  /// One digest for each prefix of `bits` bits, in order; that of a chunk without entries is the root of the empty
  /// map.
  package var chunks: [Digest]
  /// The block whose execution gave the state, with its proof.
  package var proof: CertifiedBlock

  package init(entryCount: UInt64, chunks: [Digest], proof: CertifiedBlock) {
    self.entryCount = entryCount
    self.chunks = chunks
    self.proof = proof
  }

  package var height: Height { proof.height }

  /// The number of key bits that determine an entry's chunk.
  package var bits: Int { chunks.count.trailingZeroBitCount }

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
    guard Self.prefixBits(entries: entryCount) == bits else {
      throw .chunkCount(bits: UInt8(bits), entries: entryCount)
    }
    let root = MerkleMap.root(of: chunks, bits: bits, hash: &hash)
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
    let chunk = try StateChunk(bytes, index: index, bits: bits, hash: &hash)
    guard chunk.digest == chunks[index] else { throw .otherChunk(index: index) }
    return chunk
  }

  /// The encoding: version, entry count, prefix bits, the digests of the chunks, and the proof.
  package func encoded(_ chain: ChainContext) -> [UInt8] {
    var writer = Writer(capacity: 1024 + chunks.count * Digest.byteCount)
    writer.byte(Self.version)
    writer.integer(entryCount)
    writer.byte(UInt8(bits))
    for chunk in chunks { writer.digest(chunk) }
    proof.encode(into: &writer, chain: chain)
    return writer.bytes
  }

  package init(_ bytes: [UInt8], chain: ChainContext) throws(SnapshotError) {
    var reader = Reader(bytes.span.bytes)
    do throws(CodecError) {
      let version = try reader.byte()
      guard version == Self.version else { throw .unknown(field: "manifest version", value: UInt64(version)) }
      entryCount = try reader.integer()
      let bits = try reader.byte()
      guard bits <= Limits.snapshotPrefixBits else {
        throw .tooLong(field: "prefix bits", value: UInt64(bits), limit: UInt64(Limits.snapshotPrefixBits))
      }
      chunks = []
      chunks.reserveCapacity(1 << Int(bits))
      for _ in 0..<1 << Int(bits) { chunks.append(try reader.digest()) }
    } catch {
      throw .manifest(error)
    }
    do throws(ReceiptError) {
      proof = try CertifiedBlock(from: &reader, chain: chain)
    } catch {
      throw .proof(error)
    }
    guard reader.remaining == 0 else {
      throw .manifest(.trailingBytes(offset: reader.offset, count: reader.remaining))
    }
  }
}
