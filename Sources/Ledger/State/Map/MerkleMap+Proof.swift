package import Primitives

extension MerkleMap {
  /// Proves against `root` which value `key` has in this map, or that it has none. `value` returns the digest of the
  /// value of the entry at a place.
  package func prove(_ key: Digest, value: (EntryPlace) -> Digest) -> MapProof {
    guard top != Self.none else { return MapProof(leaf: nil, steps: []) }
    var steps: [MapProof.Step] = []
    var node = top
    while node & Self.leafFlag == 0 {
      let fork = forks[node]
      let pair = pairs[node]
      let goesLeft = Self.side(of: key, at: fork.bit) == 0
      steps.append(MapProof.Step(bit: fork.bit, sibling: goesLeft ? pair.right : pair.left))
      node = goesLeft ? fork.left : fork.right
    }
    let leaf = leaves[node & ~Self.leafFlag]
    return MapProof(leaf: MapProof.Leaf(key: leaf.key, value: value(leaf.place)), steps: steps)
  }

  /// Checks the shape of the trie. For tests; O(n).
  package func checkInvariants() {
    precondition(forks.count == max(leaves.count - 1, 0), "\(leaves.count) leaves and \(forks.count) forks")
    precondition(forks.count == pairs.count, "\(pairs.count) pairs and \(forks.count) forks")
    guard top != Self.none else { return precondition(root == Self.emptyRoot, "an empty map has root \(root)") }
    var pending: [(node: UInt32, above: Int)] = [(top, -1)]
    var seen = 0
    var previous: Digest?
    while let (node, above) = pending.popLast() {
      if node & Self.leafFlag != 0 {
        let key = leaves[node & ~Self.leafFlag].key
        precondition(self.leaf(towards: key)?.key == key, "key \(key) is not where its bits lead")
        if let previous { precondition(previous < key, "keys \(previous) and \(key) are out of order") }
        previous = key
        seen += 1
      } else {
        let fork = forks[node]
        precondition(Int(fork.bit) > above, "a fork on bit \(fork.bit) is below one on \(above)")
        pending.append((fork.right, Int(fork.bit)))
        pending.append((fork.left, Int(fork.bit)))
      }
    }
    precondition(seen == leaves.count, "\(seen) of \(leaves.count) leaves can be reached")
  }
}
