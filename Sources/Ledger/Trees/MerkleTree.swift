public import Cryptography
public import Primitives

/// The Merkle tree of RFC 6962, section 2.1 (RFC 9162, section 2.1), with the hash function of the suite.
///
/// Leaf hash: H(0x00, leaf). Node: H(0x01, left, right). n leaves are split at the largest power of two below n. No
/// leaf is ever duplicated (attack E2), and the prefixes keep nodes and leaves apart (attack E3).
public enum MerkleTree {
  /// The hash of a leaf with these bytes.
  public static func leaf(_ bytes: RawSpan, hash: inout HashFunction) -> Digest {
    hash.begin()
    withUnsafeBytes(of: 0 as UInt8) { hash.update($0) }
    hash.update(bytes)
    return hash.finish()
  }

  /// The hash of an inner node.
  public static func node(_ left: Digest, _ right: Digest, hash: inout HashFunction) -> Digest {
    hash.begin()
    withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Digest.byteCount, alignment: 1) { buffer in
      buffer[0] = 1
      left.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[1..<33]).copyMemory(from: $0) }
      right.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[33..<65]).copyMemory(from: $0) }
      hash.update(UnsafeRawBufferPointer(buffer))
    }
    return hash.finish()
  }

  /// The root over leaf hashes; without leaves, the hash of the empty string.
  public static func root(of leaves: [Digest], hash: inout HashFunction) -> Digest {
    var builder = MerkleRootBuilder()
    for leaf in leaves { builder.append(leaf, hash: &hash) }
    return builder.root(hash: &hash)
  }

  /// The hashes that lead from leaf `index` to the root, starting next to the leaf.
  public static func path(to index: Int, of leaves: [Digest], hash: inout HashFunction) -> [Digest] {
    precondition(leaves.indices.contains(index), "leaf \(index) of \(leaves.count)")
    var path: [Digest] = []
    var level = leaves
    var position = index
    while level.count > 1 {
      let sibling = position ^ 1
      if sibling < level.count { path.append(level[sibling]) }
      let pairs = level.count / 2
      for pair in 0..<pairs { level[pair] = node(level[2 * pair], level[2 * pair + 1], hash: &hash) }
      // The last node of an odd level has no partner and moves up unchanged.
      if !level.count.isMultiple(of: 2) { level[pairs] = level[level.count - 1] }
      level.removeLast(level.count - (level.count + 1) / 2)
      position /= 2
    }
    return path
  }

  /// The root that `path` proves for the leaf hash `leaf` at `index` of `size` leaves; nil if no tree of that size
  /// has such a path (RFC 9162, section 2.1.3.2).
  public static func root(
    from leaf: Digest, index: UInt64, size: UInt64, path: [Digest], hash: inout HashFunction
  ) -> Digest? {
    guard index < size else { return nil }
    var position = index
    var last = size - 1
    var root = leaf
    for sibling in path {
      guard last != 0 else { return nil }
      if position & 1 == 1 || position == last {
        root = node(sibling, root, hash: &hash)
        while position & 1 == 0, position != 0 {
          position >>= 1
          last >>= 1
        }
      } else {
        root = node(root, sibling, hash: &hash)
      }
      position >>= 1
      last >>= 1
    }
    return last == 0 ? root : nil
  }
}
