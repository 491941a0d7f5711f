package import BlockLog
internal import Cryptography
package import Ledger
package import Primitives

/// Sorts the copied entries of a state into chunks and writes them as a snapshot, within bounded memory.
///
/// Entries arrive in the order of the tables, but chunks are in the order of the keys' digests. Entries are therefore
/// put into buckets by the first bits of their digests, and each bucket is sorted when all entries are here. Clients can
/// choose keys whose digests begin alike, so a bucket may be of any size: one that makes no chunk is divided again.
package struct SnapshotWriter<Storage: Disk>: ~Copyable {
  /// What was written so far.
  private struct Written {
    var file: ChunkFile<Storage>
    var digests: [Digest] = []
    var prefixes: [KeyPrefix] = []
  }

  private let shelf: SnapshotStore<Storage>
  package let height: Height
  private let bucketBits: Int
  private var buckets: EntryBuckets<Storage>
  private var sorting: SortingFile<Storage>
  private var entryCount: UInt64 = 0
  private var hash: HashFunction

  /// - Parameter bound: at least the number of entries that will be added.
  package init(_ shelf: SnapshotStore<Storage>, height: Height, bound: Int) throws(SnapshotFault) {
    self.shelf = shelf
    self.height = height
    bucketBits = SnapshotManifest.prefixBits(entries: UInt64(bound))
    buckets = EntryBuckets(.all, bits: bucketBits)
    hash = HashFunction(shelf.chain.suite)
    sorting = try SortingFile(shelf.storage, name: SnapshotStore<Storage>.name(height, .sorting))
  }

  package mutating func add(_ batch: StateEntryBatch) throws(SnapshotFault) {
    try buckets.add(batch, &sorting, hash: &hash)
    entryCount += UInt64(batch.count)
  }

  /// Writes all chunks and the manifest. When it returns, the snapshot has its final name and is durable.
  package consuming func finish(proof: CertifiedBlock) throws(SnapshotFault) -> SnapshotManifest {
    var written = Written(
      file: try filed { () throws(ChunkFileError) in
        try ChunkFile.create(
          shelf.storage, name: SnapshotStore<Storage>.name(height, .making), chain: shelf.chain.genesis)
      })
    let manifest = try writeChunks(to: &written, proof: proof)
    do throws(SnapshotError) {
      try manifest.verify(shelf.chain, hash: &hash)
    } catch {
      throw .content(error)
    }
    try filed { () throws(ChunkFileError) in
      try written.file.append(SnapshotStore<Storage>.manifestPiece, manifest.encoded(shelf.chain))
      try written.file.sync()
      try written.file.rename(to: SnapshotStore<Storage>.name(height, .whole))
    }
    try sorting.remove()
    return manifest
  }

  private func filed<Value>(_ body: () throws(ChunkFileError) -> Value) throws(SnapshotFault) -> Value {
    do throws(ChunkFileError) {
      return try body()
    } catch {
      throw .file(error)
    }
  }

  private mutating func writeChunks(
    to written: inout Written, proof: CertifiedBlock
  ) throws(SnapshotFault) -> SnapshotManifest {
    let bits = SnapshotManifest.prefixBits(entries: entryCount)
    // There may be fewer entries than expected; then several buckets form one chunk.
    let width = 1 << (bucketBits - bits)
    var all = EntryBuckets<Storage>(.all, bits: 0)
    swap(&all, &buckets)
    for index in 0..<1 << bits {
      try write(KeyPrefix(index, bits: bits), from: &all, index * width..<(index + 1) * width, to: &written)
    }
    let isEven = written.prefixes.count == 1 << bits
    return SnapshotManifest(
      entryCount: entryCount, chunks: written.digests, prefixes: isEven ? [] : written.prefixes, proof: proof)
  }

  /// Writes the entries below a prefix, which are those in `range`, as one chunk, or as several if it would be too large.
  private mutating func write(
    _ prefix: KeyPrefix, from buckets: inout EntryBuckets<Storage>, _ range: Range<Int>, to written: inout Written
  ) throws(SnapshotFault) {
    if buckets.byteCount(of: range) + StateChunk.headerBytes <= Limits.snapshotChunkBytes {
      return try writeChunk(prefix, from: &buckets, range, to: &written)
    }
    if range.count == 1 {
      var divided = try buckets.divide(range.lowerBound, prefix, &sorting, hash: &hash)
      return try write(prefix, from: &divided, divided.indices, to: &written)
    }
    let (low, high) = prefix.halves
    let middle = range.lowerBound + range.count / 2
    try write(low, from: &buckets, range.lowerBound..<middle, to: &written)
    try write(high, from: &buckets, middle..<range.upperBound, to: &written)
  }

  private mutating func writeChunk(
    _ prefix: KeyPrefix, from buckets: inout EntryBuckets<Storage>, _ range: Range<Int>, to written: inout Written
  ) throws(SnapshotFault) {
    var encoder = StateChunkEncoder()
    for index in range {
      try buckets.take(index, &sorting) { (entries, _) throws(SnapshotFault) in encoder.add(entries, hash: &hash) }
    }
    let bytes = encoder.finish()
    let index = written.digests.count
    do throws(SnapshotError) {
      guard index < Limits.snapshotChunks else { throw .tooManyChunks(index) }
      written.digests.append(try StateChunk(bytes, index: index, prefix: prefix, hash: &hash).digest)
    } catch {
      throw .content(error)
    }
    written.prefixes.append(prefix)
    try filed { () throws(ChunkFileError) in try written.file.append(UInt32(index), bytes) }
  }
}
