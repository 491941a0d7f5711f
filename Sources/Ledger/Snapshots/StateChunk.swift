package import Cryptography
package import Primitives

/// The entries of the state whose keys in the state map begin with one prefix.
///
/// Encoded as the number of entries, then each entry in ascending order of its key's digest: the key after a `u16` length,
/// the value after a `u32` length. A chunk can only be created by decoding, so it always corresponds to its bytes.
package struct StateChunk: Sendable {
  package let index: Int
  package let entries: [StateEntry]
  let tree: MerkleSubtree
  /// Bytes of the encoding.
  let byteCount: Int

  /// The digest that a manifest contains: the root of this part of the state map.
  package var digest: Digest { tree.root }

  package init(_ bytes: [UInt8], index: Int, prefix: KeyPrefix, hash: inout HashFunction) throws(SnapshotError) {
    var entries: [StateEntry] = []
    var leaves: [MerkleSubtree.Leaf] = []
    do throws(CodecError) {
      var reader = Reader(bytes.span.bytes)
      let count = try reader.count(limit: Limits.snapshotChunkBytes / Self.shortestEntry, "entries of a chunk")
      guard count <= reader.remaining / Self.shortestEntry else {
        throw .truncated(offset: reader.span.byteCount, missing: count * Self.shortestEntry - reader.remaining)
      }
      entries.reserveCapacity(count)
      leaves.reserveCapacity(count)
      for _ in 0..<count {
        let (key, keyDigest) = try Self.key(&reader, &hash)
        let (entry, valueDigest) = try Self.value(of: key, &reader, &hash)
        entries.append(entry)
        leaves.append(MerkleSubtree.Leaf(key: keyDigest, value: valueDigest))
      }
      try reader.end()
    } catch {
      throw .chunk(index: index, error)
    }
    for place in leaves.indices {
      let key = leaves[place].key
      guard prefix.contains(key), place == 0 || leaves[place - 1].key < key else {
        throw .misplacedEntry(chunk: index, entry: place)
      }
    }
    self.index = index
    self.entries = entries
    byteCount = bytes.count
    tree = MerkleSubtree(ascending: leaves, hash: &hash)
  }

  /// Bytes of the number of entries.
  package static let headerBytes = 4
  /// Two lengths and the kind byte of a key.
  private static let shortestEntry = 7

  private static func key(
    _ reader: inout Reader, _ hash: inout HashFunction
  ) throws(CodecError) -> (StateKey, Digest) {
    let length: UInt16 = try reader.integer()
    let start = try reader.skip(Int(length))
    let span = reader.span.extracting(start..<start + Int(length))
    var inner = Reader(span)
    let key = try StateKey(from: &inner)
    try inner.end()
    return (key, hash.hash(.stateKey, span))
  }

  private static func value(
    of key: StateKey, _ reader: inout Reader, _ hash: inout HashFunction
  ) throws(CodecError) -> (StateEntry, Digest) {
    let length = try reader.count(limit: Limits.snapshotChunkBytes, "value of an entry")
    let start = try reader.skip(length)
    let span = reader.span.extracting(start..<start + length)
    var inner = Reader(span)
    let entry = try StateEntry(key: key, from: &inner)
    try inner.end()
    return (entry, hash.hash(.stateValue, span))
  }
}
