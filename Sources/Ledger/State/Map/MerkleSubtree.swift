internal import Cryptography
internal import Primitives

/// A part of the state map: everything below one prefix of the keys, built in one go from sorted leaves.
///
/// Nearly all of the work is hashing, which needs nothing from the other parts, so parts may be built on several
/// threads. References are those of `MerkleMap`, but count from this part's first node.
struct MerkleSubtree: Sendable {
  struct Leaf: BitwiseCopyable {
    var key: Digest
    var value: Digest
  }

  private(set) var forks: [MerkleMap.Fork] = []
  private(set) var pairs: [MerkleMap.Pair] = []
  let leaves: [Leaf]
  private(set) var top = MerkleMap.none
  /// The digest of the whole part; `MerkleMap.emptyRoot` if it has no leaves.
  private(set) var root = MerkleMap.emptyRoot

  /// `leaves` must be in strictly ascending order of their keys.
  init(ascending leaves: [Leaf], hash: inout HashFunction) {
    self.leaves = leaves
    guard !leaves.isEmpty else { return }
    forks.reserveCapacity(leaves.count - 1)
    pairs.reserveCapacity(leaves.count - 1)
    var hasher = NodeHasher()
    (top, root) = build(0..<leaves.count, &hasher, &hash)
  }

  /// The recursion is at most 256 deep, because every level consumes at least one bit.
  private mutating func build(
    _ range: Range<Int>, _ hasher: inout NodeHasher, _ hash: inout HashFunction
  ) -> (node: UInt32, digest: Digest) {
    if range.count == 1 {
      let leaf = leaves[range.lowerBound]
      return (UInt32(range.lowerBound) | MerkleMap.leafFlag, hasher.leaf(key: leaf.key, value: leaf.value, &hash))
    }
    let bit = UInt8(leaves[range.lowerBound].key.firstDifferingBit(from: leaves[range.upperBound - 1].key))
    // Finds the first leaf on the right side.
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if MerkleMap.side(of: leaves[middle].key, at: bit) == 0 { low = middle + 1 } else { high = middle }
    }
    let left = build(range.lowerBound..<low, &hasher, &hash)
    let right = build(low..<range.upperBound, &hasher, &hash)
    forks.append(MerkleMap.Fork(left: left.node, right: right.node, bit: bit))
    pairs.append(MerkleMap.Pair(left: left.digest, right: right.digest))
    return (UInt32(forks.count - 1), hasher.fork(bit: bit, left: left.digest, right: right.digest, &hash))
  }
}
