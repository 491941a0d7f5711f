package import Cryptography
package import Primitives

/// What a snapshot consists of: the digests of its chunks, and the proof that their root is a final state.
///
/// The state map is cut by the first bits of its keys, so that each chunk is one part of the map, and the digests of
/// the parts lead to the state root that a finalization covers. Whoever has checked a manifest can therefore check
/// each chunk alone, whoever it came from (attack S4). The number of chunks follows from the number of entries: the
/// snapshots of one height are the same at every node, byte for byte.
package struct SnapshotManifest: Hashable, Sendable {
  static let version: UInt8 = 1

  package var entryCount: UInt64
  /// One for each prefix of `bits` bits, in order; the empty map's root for a chunk without entries.
  package var chunks: [Digest]
  /// The block that the state is after.
  package var proof: CertifiedBlock

  package init(entryCount: UInt64, chunks: [Digest], proof: CertifiedBlock) {
    self.entryCount = entryCount
    self.chunks = chunks
    self.proof = proof
  }

  package var height: Height { proof.height }

  /// Bits of the keys that say which chunk an entry belongs to.
  package var bits: Int { chunks.count.trailingZeroBitCount }

  /// The fewest bits that keep a chunk at `Limits.snapshotChunkEntries` entries on average.
  package static func prefixBits(entries: UInt64) -> Int {
    var bits = 0
    while bits < Limits.snapshotPrefixBits, entries >> UInt64(bits) > UInt64(Limits.snapshotChunkEntries) { bits += 1 }
    return bits
  }

  /// The chunk that a key belongs to.
  package static func chunk(of key: Digest, bits: Int) -> Int {
    bits == 0 ? 0 : Int(truncatingIfNeeded: key.word0 >> UInt64(64 - bits))
  }

  /// Checks everything but the signatures of the proof's certificate.
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

  /// Checks everything, including the signatures of `validators`, the set of the certificate's epoch.
  package func verify(_ chain: ChainContext, validators: ValidatorSet) throws(SnapshotError) {
    var hash = HashFunction(chain.suite)
    try verify(chain, hash: &hash)
    do throws(ReceiptError) {
      try proof.verify(chain, validators: validators)
    } catch {
      throw .proof(error)
    }
  }

  /// Decodes the chunk with this index and checks that it is the one named here.
  package func chunk(_ index: Int, _ bytes: [UInt8], hash: inout HashFunction) throws(SnapshotError) -> StateChunk {
    guard chunks.indices.contains(index) else { throw .noSuchChunk(index: index, count: chunks.count) }
    let chunk = try StateChunk(bytes, index: index, bits: bits, hash: &hash)
    guard chunk.digest == chunks[index] else { throw .otherChunk(index: index) }
    return chunk
  }

  /// Version, entry count, prefix bits, the chunks' digests, the proof.
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
