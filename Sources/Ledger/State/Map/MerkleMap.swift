package import Primitives

/// The authenticated map of the state: a compressed binary trie over 256-bit keys, whose root digest depends only on
/// the content and not on its history.
///
/// There is a fork at every bit index in which two keys below it first differ, and nowhere else (a "crit-bit" tree;
/// D. J. Bernstein, 2004; PATRICIA, D. R. Morrison, JACM 15, 1968). Documentation/formats-state.md describes the
/// hashing byte by byte.
///
/// Layout: forks and leaves live in arenas and refer to each other by 32-bit references. The digests of a fork's two
/// children share one cache line, so hashing a fork reads no other node. A leaf names the row from which its value's
/// digest is computed instead of storing that longer digest, which only proofs need. Beyond the arenas' chunks
/// nothing is allocated per key.
package struct MerkleMap: ~Copyable, @unchecked Sendable {
  /// The new value of one key; nil removes the key.
  package struct Change: Hashable, Sendable, BitwiseCopyable {
    package var key: Digest
    package var value: Digest?
    /// The place of the entry whose value `value` is the digest of.
    package var place: EntryPlace

    package init(key: Digest, value: Digest?, place: EntryPlace) {
      self.key = key
      self.value = value
      self.place = place
    }

    /// Removes the key if it is present.
    package init(removing key: Digest) { self.init(key: key, value: nil, place: EntryPlace(.parameters, 0)) }
  }

  /// The structure of a fork: its children and its bit index.
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

  /// 40 bytes; with the digest of the value instead of the place it would be 64.
  struct Leaf: BitwiseCopyable {
    var key: Digest
    var place: EntryPlace
  }

  /// A fork on the path to a key. It is stale if the digest of a child changed and its own has not been computed yet.
  struct PathEntry: BitwiseCopyable {
    var fork: UInt32
    var isStale: Bool
  }

  // A reference is an index into `leaves` with the top bit set, or an index into `forks` without it.
  static var leafFlag: UInt32 { 1 << 31 }
  static var none: UInt32 { .max }

  var forks = Arena<Fork>()
  var pairs = Arena<Pair>()
  var leaves = Arena<Leaf>()
  var top = MerkleMap.none
  // Scratch space of one update, kept between updates.
  let path: UnsafeMutablePointer<PathEntry>
  var order: [SortKey] = []
  /// The leaves that the last update added.
  var added: [UInt32] = []
  var readAheadSink: UInt64 = 0

  /// The digest of the whole content; `MerkleMap.emptyRoot` if the map is empty.
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

  /// The number of keys.
  package var count: Int { leaves.count }

  /// The place of the entry under `key`; nil if the map does not have the key. O(depth).
  package func place(of key: Digest) -> EntryPlace? {
    guard let leaf = leaf(towards: key), leaf.key == key else { return nil }
    return leaf.place
  }

  /// The key of the leaf that was created for the entry at `place`; nil if the leaf now belongs to another entry. A
  /// removed leaf still answers until its slot is reused. A row that stores the leaf's number must be the only one to
  /// use it: a later row at the same place may have another key.
  func key(ofLeaf leaf: UInt32, at place: EntryPlace) -> Digest? {
    guard leaf < leaves.placeCount else { return nil }
    let leaf = leaves.pointer(leaf)
    return leaf.pointee.place == place ? leaf.pointee.key : nil
  }

  /// The leaf to which the bits of `key` lead; nil in an empty map.
  func leaf(towards key: Digest) -> Leaf? {
    guard top != Self.none else { return nil }
    var node = top
    while node & Self.leafFlag == 0 {
      let fork = forks[node]
      node = Self.side(of: key, at: fork.bit) == 0 ? fork.left : fork.right
    }
    return leaves[node & ~Self.leafFlag]
  }

  /// 0 if `key` goes left at a fork on `bit`, otherwise 1.
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
