internal import BlockLog
internal import Cryptography
internal import Ledger
internal import Primitives

/// Entries below one prefix, put into buckets by the next bits of their keys' digests. The buckets spill to a file when
/// they exceed their memory.
struct EntryBuckets<Storage: Disk> {
  private struct Bucket {
    var bytes: [UInt8] = []
    var spilled: [SortingFile<Storage>.Part] = []
    var byteCount = 0
  }

  /// Bytes of entries to keep in memory.
  static var memory: Int { 24 << 20 }

  private let prefix: KeyPrefix
  private let bits: Int
  private var buckets: [Bucket]
  private var held = 0

  /// - Parameter bits: the number of bits, after those of the prefix, that tell the buckets apart.
  init(_ prefix: KeyPrefix, bits: Int) {
    self.prefix = prefix
    self.bits = bits
    buckets = Array(repeating: Bucket(), count: 1 << bits)
  }

  var indices: Range<Int> { buckets.indices }

  /// Bytes of the entries in these buckets.
  func byteCount(of range: Range<Int>) -> Int { buckets[range].reduce(0) { $0 + $1.byteCount } }

  private func bucket(of key: Digest) -> Int {
    // The usual case, in which the buckets are those of all keys.
    if prefix.bits == 0 { return SnapshotManifest.chunk(of: key, bits: bits) }
    var index = 0
    for bit in prefix.bits..<prefix.bits + bits { index = index << 1 | (key.bit(bit) ? 1 : 0) }
    return index
  }

  private mutating func put(_ entry: ArraySlice<UInt8>, _ key: Digest) {
    let index = bucket(of: key)
    buckets[index].bytes.append(contentsOf: entry)
    buckets[index].byteCount += entry.count
    held += entry.count
  }

  mutating func add(
    _ batch: StateEntryBatch, _ file: inout SortingFile<Storage>, hash: inout HashFunction
  ) throws(SnapshotFault) {
    batch.forEach(hash: &hash) { put($0, $1) }
    if held > Self.memory { try spill(&file) }
  }

  mutating func spill(_ file: inout SortingFile<Storage>) throws(SnapshotFault) {
    for index in buckets.indices where !buckets[index].bytes.isEmpty {
      buckets[index].spilled.append(try file.append(buckets[index].bytes))
      buckets[index].bytes = []
    }
    held = 0
  }

  /// Takes the entries out of a bucket, part by part.
  mutating func take(
    _ index: Int, _ file: inout SortingFile<Storage>,
    _ body: (_ entries: [UInt8], inout SortingFile<Storage>) throws(SnapshotFault) -> Void
  ) throws(SnapshotFault) {
    let taken = buckets[index]
    buckets[index] = Bucket()
    held -= taken.bytes.count
    for part in taken.spilled { try body(try file.read(part), &file) }
    try body(taken.bytes, &file)
  }

  /// Takes the entries out of a bucket and puts them into new ones by the bits that follow.
  /// - Parameter prefix: that of the bucket's keys.
  mutating func divide(
    _ index: Int, _ prefix: KeyPrefix, _ file: inout SortingFile<Storage>, hash: inout HashFunction
  ) throws(SnapshotFault) -> EntryBuckets {
    let byteCount = byteCount(of: index..<index + 1)
    var divided = EntryBuckets(prefix, bits: min(6, 255 - prefix.bits))
    try take(index, &file) { (entries, file) throws(SnapshotFault) in
      StateEntryBatch.forEach(in: entries, hash: &hash) { divided.put($0, $1) }
      if divided.held > Self.memory { try divided.spill(&file) }
    }
    // Otherwise each of several divisions within one another could hold as much.
    if byteCount > Self.memory { try divided.spill(&file) }
    return divided
  }
}
