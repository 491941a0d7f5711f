package import Primitives

/// The state's authenticated map: a compressed binary trie over 256-bit keys, whose root digest depends on
/// the content alone and not on its history.
///
/// A fork stands at every bit index in which two keys below it first differ, and nowhere else (a "crit-bit"
/// tree; D. J. Bernstein, 2004; PATRICIA, D. R. Morrison, JACM 15, 1968). Hashing is documented byte by byte
/// in Documentation/formats-state.md.
///
/// Layout: forks and leaves live in arenas and name each other by 32-bit references. A fork holds the digests
/// of its two children in one cache line, so hashing it reads no other node. A leaf names the row that its value
/// is the digest of, which is shorter; only proofs need that value. Nothing is allocated per key beyond the
/// arenas' chunks.
package struct MerkleMap: ~Copyable, @unchecked Sendable {
  /// One key's new value; nil takes the key out.
  package struct Change: Hashable, Sendable, BitwiseCopyable {
    package var key: Digest
    package var value: Digest?
    /// What the value is the digest of.
    package var place: EntryPlace

    package init(key: Digest, value: Digest?, place: EntryPlace) {
      self.key = key
      self.value = value
      self.place = place
    }

    /// Takes the key out, if it is there.
    package init(removing key: Digest) { self.init(key: key, value: nil, place: .parameters) }
  }

  /// A fork's place in the trie.
  struct Fork: BitwiseCopyable {
    var left: UInt32
    var right: UInt32
    var bit: UInt8
  }

  /// The digests of a fork's children.
  struct Pair: BitwiseCopyable {
    var left: Digest
    var right: Digest
  }

  /// 40 bytes: with the value's digest they would be 64.
  struct Leaf: BitwiseCopyable {
    var key: Digest
    var place: EntryPlace
  }

  /// A fork on the way to a key. It is stale if the digest of a child changed, so that its own must follow.
  struct PathEntry: BitwiseCopyable {
    var fork: UInt32
    var isStale: Bool
  }

  // References: an index into `leaves` with the top bit set, or one into `forks` without it.
  static var leafFlag: UInt32 { 1 << 31 }
  static var none: UInt32 { .max }

  var forks = Arena<Fork>()
  var pairs = Arena<Pair>()
  var leaves = Arena<Leaf>()
  var top = MerkleMap.none
  // Scratch of one update, kept between updates.
  let path: UnsafeMutablePointer<PathEntry>
  var order: [SortKey] = []
  /// The leaves that the last update added.
  var added: [UInt32] = []
  var readAheadSink: UInt64 = 0

  /// The digest of the whole content: `MerkleMap.emptyRoot` if there is none.
  package internal(set) var root = MerkleMap.emptyRoot

  /// The root of a map without keys.
  package static let emptyRoot = Digest.zero

  package init() {
    // A path passes at most one fork for each of the 256 bits.
    path = .allocate(capacity: 256)
  }

  deinit {
    path.deallocate()
  }

  /// Number of keys.
  package var count: Int { leaves.count }

  /// Where what `key` stands for is, nil if the map does not have it. O(depth).
  package func place(of key: Digest) -> EntryPlace? {
    guard let leaf = leaf(towards: key), leaf.key == key else { return nil }
    return leaf.place
  }

  /// The key of a leaf that was made for what is at `place`; nil if the leaf is another's by now. One that left the map and
  /// that no other took the slot of still tells. Whoever keeps the leaf's number forgets it with the row: another row in the
  /// same place may have another key.
  func key(ofLeaf leaf: UInt32, at place: EntryPlace) -> Digest? {
    guard leaf < leaves.placeCount else { return nil }
    let leaf = leaves.pointer(leaf)
    return leaf.pointee.place == place ? leaf.pointee.key : nil
  }

  /// The leaf that the bits of `key` lead to, nil in an empty map.
  func leaf(towards key: Digest) -> Leaf? {
    guard top != Self.none else { return nil }
    var node = top
    while node & Self.leafFlag == 0 {
      let fork = forks[node]
      node = Self.side(of: key, at: fork.bit) == 0 ? fork.left : fork.right
    }
    return leaves[node & ~Self.leafFlag]
  }

  /// 0 if `key` goes left at a fork on `bit`, else 1.
  @inline(__always)
  static func side(of key: Digest, at bit: UInt8) -> UInt32 {
    let word =
      switch bit >> 6 {
      case 0: key.word0
      case 1: key.word1
      case 2: key.word2
      default: key.word3
      }
    return UInt32(truncatingIfNeeded: word &>> UInt64(63 &- (bit & 63))) & 1
  }
}
