internal import Primitives

/// A key with a fast seeded hash.
protocol TableKey: Equatable, Comparable, Sendable {
  func hash(_ seed: HashSeed) -> UInt64
}

extension TableKey where Self: Hashable {
  /// For keys that are looked up rarely.
  func hash(_ seed: HashSeed) -> UInt64 {
    var hasher = Hasher()
    hash(into: &hasher)
    return UInt64(truncatingIfNeeded: hasher.finalize())
  }
}

extension InlineText {
  @inline(__always)
  func hash(_ seed: HashSeed, _ start: UInt64) -> UInt64 {
    let head = seed.mix(start, word0, word1)
    return word2 == 0 ? head : seed.mix(head, word2, word3)
  }
}

extension Name: TableKey {
  @inline(__always)
  func hash(_ seed: HashSeed) -> UInt64 { seed.finish(text.hash(seed, 0)) }
}

extension AccountName: TableKey {
  @inline(__always)
  func hash(_ seed: HashSeed) -> UInt64 {
    let hash = head.hash(seed, 1)
    return seed.finish(tail.word0 == 0 ? hash : tail.hash(seed, hash))
  }
}

extension CollectionName: TableKey {}

extension UInt64: TableKey {
  @inline(__always)
  func hash(_ seed: HashSeed) -> UInt64 { seed.finish(seed.finish(self)) }
}
