package import BlockLog
internal import Cryptography
package import Ledger
package import Primitives

/// Sorts the copied entries of a state into chunks and writes them as a snapshot, within bounded memory.
///
/// Entries arrive in the order of the tables, but chunks are in the order of the keys' digests. Entries are therefore
/// put into buckets by the first bits of their digests. The buckets spill to a separate file when memory is full, and
/// each bucket is sorted when all entries are here.
package struct SnapshotWriter<Storage: Disk>: ~Copyable {
  private struct Bucket {
    var bytes: [UInt8] = []
    /// The spilled parts: offset and length in the sorting file.
    var spilled: [(offset: Int, count: Int)] = []
  }

  /// Bytes of entries to keep in memory.
  private static var memory: Int { 24 << 20 }

  private let shelf: SnapshotStore<Storage>
  package let height: Height
  private let bucketBits: Int
  private var buckets: [Bucket]
  private var held = 0
  private var entryCount: UInt64 = 0
  private var spillEnd = 0
  private var hash: HashFunction

  /// - Parameter bound: at least the number of entries that will be added.
  package init(_ shelf: SnapshotStore<Storage>, height: Height, bound: Int) throws(SnapshotFault) {
    self.shelf = shelf
    self.height = height
    bucketBits = SnapshotManifest.prefixBits(entries: UInt64(bound))
    buckets = Array(repeating: Bucket(), count: 1 << bucketBits)
    hash = HashFunction(shelf.chain.suite)
    do throws(DiskError) {
      try shelf.storage.create(SnapshotStore<Storage>.name(height, .sorting), byteCount: 0)
    } catch {
      throw .file(.disk(error))
    }
  }

  package mutating func add(_ batch: StateEntryBatch) throws(SnapshotFault) {
    let bits = bucketBits
    var added = 0
    var buckets: [Bucket] = []
    swap(&buckets, &self.buckets)
    batch.forEach(hash: &hash) { entry, key in
      buckets[SnapshotManifest.chunk(of: key, bits: bits)].bytes.append(contentsOf: entry)
      added += entry.count
    }
    swap(&buckets, &self.buckets)
    held += added
    entryCount += UInt64(batch.count)
    if held > Self.memory { try spill() }
  }

  private mutating func spill() throws(SnapshotFault) {
    let name = SnapshotStore<Storage>.name(height, .sorting)
    for index in buckets.indices where !buckets[index].bytes.isEmpty {
      let bytes = buckets[index].bytes
      do throws(DiskError) {
        try shelf.storage.write(name, at: spillEnd, bytes.span.bytes)
      } catch {
        throw .file(.disk(error))
      }
      buckets[index].spilled.append((spillEnd, bytes.count))
      buckets[index].bytes = []
      spillEnd += bytes.count
    }
    held = 0
  }

  /// Writes all chunks and the manifest. When it returns, the snapshot has its final name and is durable.
  package consuming func finish(proof: CertifiedBlock) throws(SnapshotFault) -> SnapshotManifest {
    var file = try filed { () throws(ChunkFileError) in
      try ChunkFile.create(
        shelf.storage, name: SnapshotStore<Storage>.name(height, .making), chain: shelf.chain.genesis)
    }
    let manifest = SnapshotManifest(entryCount: entryCount, chunks: try writeChunks(to: &file), proof: proof)
    do throws(SnapshotError) {
      try manifest.verify(shelf.chain, hash: &hash)
    } catch {
      throw .content(error)
    }
    try filed { () throws(ChunkFileError) in
      try file.append(SnapshotStore<Storage>.manifestPiece, manifest.encoded(shelf.chain))
      try file.sync()
      try file.rename(to: SnapshotStore<Storage>.name(height, .whole))
    }
    try shelf.remove(SnapshotStore<Storage>.name(height, .sorting))
    return manifest
  }

  private func filed<Value>(_ body: () throws(ChunkFileError) -> Value) throws(SnapshotFault) -> Value {
    do throws(ChunkFileError) {
      return try body()
    } catch {
      throw .file(error)
    }
  }

  /// Writes all chunks and returns their digests, in order.
  private mutating func writeChunks(to file: inout ChunkFile<Storage>) throws(SnapshotFault) -> [Digest] {
    let bits = SnapshotManifest.prefixBits(entries: entryCount)
    // There may be fewer entries than expected; then several buckets form one chunk.
    let width = 1 << (bucketBits - bits)
    var digests: [Digest] = []
    for index in 0..<1 << bits {
      let bytes = try chunk(of: index * width..<(index + 1) * width)
      do throws(SnapshotError) {
        digests.append(try StateChunk(bytes, index: index, bits: bits, hash: &hash).digest)
      } catch {
        throw .content(error)
      }
      try filed { () throws(ChunkFileError) in try file.append(UInt32(index), bytes) }
    }
    return digests
  }

  private mutating func chunk(of range: Range<Int>) throws(SnapshotFault) -> [UInt8] {
    let name = SnapshotStore<Storage>.name(height, .sorting)
    var encoder = StateChunkEncoder()
    for index in range {
      for part in buckets[index].spilled {
        var bytes = [UInt8](repeating: 0, count: part.count)
        do throws(DiskError) {
          guard try shelf.storage.read(name, at: part.offset, into: &bytes) == part.count else {
            throw DiskError(.read, path: name, cause: .inputOutput, systemText: "the file is too short")
          }
        } catch {
          throw .file(.disk(error))
        }
        encoder.add(bytes, hash: &hash)
      }
      encoder.add(buckets[index].bytes, hash: &hash)
      buckets[index] = Bucket()
    }
    return encoder.finish()
  }
}
