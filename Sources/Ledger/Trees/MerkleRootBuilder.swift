public import Cryptography
public import Primitives

/// Computes the root of an RFC 6962 tree leaf by leaf, holding at most one hash per level.
public struct MerkleRootBuilder: Sendable {
  // Roots of complete subtrees, whose descending sizes are the powers of two of which `count` is the sum.
  private var subtrees: [Digest] = []
  public private(set) var count = 0

  public init() {}

  /// Adds the next leaf's hash.
  public mutating func append(_ leaf: Digest, hash: inout HashFunction) {
    var root = leaf
    var merged = count
    while merged & 1 == 1 {
      root = MerkleTree.node(subtrees.removeLast(), root, hash: &hash)
      merged >>= 1
    }
    subtrees.append(root)
    count += 1
  }

  /// The root over the leaves so far; without leaves, the hash of the empty string.
  public func root(hash: inout HashFunction) -> Digest {
    guard var root = subtrees.last else { return hash.hash([]) }
    for subtree in subtrees.dropLast().reversed() { root = MerkleTree.node(subtree, root, hash: &hash) }
    return root
  }
}
