internal import Cryptography
internal import Primitives

extension MerkleMap {
  /// A node of the map under construction.
  struct Part {
    var node: UInt32
    var digest: Digest
  }

  /// Adds the nodes of a part, which is empty or covers a prefix of its own. `join` then combines the parts.
  ///
  /// The part's leaves are numbered from `leafCount` in their order. Call `place` for each of them.
  mutating func take(_ part: MerkleSubtree) -> Part {
    let firstLeaf = leafCount
    let firstFork = UInt32(forks.placeCount)
    func moved(_ node: UInt32) -> UInt32 {
      node & Self.leafFlag != 0 ? (node & ~Self.leafFlag) + firstLeaf | Self.leafFlag : node + firstFork
    }
    for leaf in part.leaves { _ = leaves.insert(Leaf(key: leaf.key, place: EntryPlace(.parameters, 0))) }
    for fork in part.forks {
      _ = forks.insert(Fork(left: moved(fork.left), right: moved(fork.right), bit: fork.bit))
    }
    for pair in part.pairs { _ = pairs.insert(pair) }
    return Part(node: part.top == Self.none ? Self.none : moved(part.top), digest: part.root)
  }

  /// The number of leaves added so far, which is the number of the next one. No leaf has been removed.
  var leafCount: UInt32 { UInt32(leaves.placeCount) }

  /// Sets the place of an added leaf: the place of the entry whose value the leaf's digest covers.
  mutating func place(_ leaf: UInt32, _ place: EntryPlace) { leaves.pointer(leaf).pointee.place = place }

  /// Combines all parts, in the order of their prefixes, into the map.
  /// - Parameter depth: the bits of the prefix of the part with this index.
  mutating func join(_ parts: [Part], depth: (Int) -> Int, hash: inout HashFunction) {
    var hasher = NodeHasher()
    let whole = KeyPrefix.combine(parts, depth: depth) { bit, left, right, _ in
      if left.node == Self.none { return right }
      if right.node == Self.none { return left }
      let fork = forks.insert(Fork(left: left.node, right: right.node, bit: UInt8(bit)))
      let pair = pairs.insert(Pair(left: left.digest, right: right.digest))
      assert(fork == pair, "the arenas of forks and of their digests do not match: \(fork), \(pair)")
      return Part(node: fork, digest: hasher.fork(bit: UInt8(bit), left: left.digest, right: right.digest, &hash))
    }
    top = whole.node
    root = whole.digest
  }

  /// The root of the map whose parts have these digests, in the order of their prefixes. The digest of a part without
  /// keys is `emptyRoot`.
  /// - Parameter depth: the bits of the prefix of the part with this index.
  static func root(of parts: [Digest], depth: (Int) -> Int, hash: inout HashFunction) -> Digest {
    var hasher = NodeHasher()
    return KeyPrefix.combine(parts, depth: depth) { bit, left, right, _ in
      if left == emptyRoot { return right }
      if right == emptyRoot { return left }
      return hasher.fork(bit: UInt8(bit), left: left, right: right, &hash)
    }
  }
}
