package import Primitives

/// The keys of the state map that begin with the same bits: those of one chunk of a snapshot.
package struct KeyPrefix: Hashable, Sendable {
  /// The smallest of the keys.
  package let start: Digest
  /// The number of bits that all keys share, 0 to 255.
  package let bits: Int

  /// All keys.
  package static let all = KeyPrefix(start: .zero, bits: 0)

  init(start: Digest, bits: Int) {
    self.start = start
    self.bits = bits
  }

  /// The prefix of `bits` bits, at most 63, that has this value when it is read as a number.
  package init(_ value: Int, bits: Int) {
    self.init(start: Digest(bits == 0 ? 0 : UInt64(value) << UInt64(64 - bits), 0, 0, 0), bits: bits)
  }

  package func contains(_ key: Digest) -> Bool { start.firstDifferingBit(from: key) >= bits }

  /// The two prefixes with one more bit, which must exist.
  package var halves: (KeyPrefix, KeyPrefix) {
    precondition(bits < 255, "the keys at \(start) cannot be divided after \(bits) bits")
    let half = KeyPrefix(start: start, bits: bits + 1)
    return (half, KeyPrefix(start: start.adding(bit: bits).sum, bits: bits + 1))
  }

  /// The prefixes that these numbers of bits stand for, in ascending order; nil unless together they have every key
  /// exactly once.
  static func all(_ depths: [UInt8]) -> [KeyPrefix]? {
    var prefixes: [KeyPrefix] = []
    prefixes.reserveCapacity(depths.count)
    var next: (sum: Digest, isOver: Bool) = (.zero, false)
    for depth in depths {
      guard !next.isOver, next.sum.trailingZeroBits >= 256 - Int(depth) else { return nil }
      prefixes.append(KeyPrefix(start: next.sum, bits: Int(depth)))
      // Without a bit in common, the prefix has all keys.
      next = depth == 0 ? (.zero, true) : next.sum.adding(bit: Int(depth) - 1)
    }
    return next.isOver ? prefixes : nil
  }

  /// Combines what belongs to prefixes that have every key exactly once, in ascending order, into one value.
  /// - Parameter depth: the bits of the prefix with this index.
  /// - Parameter fork: combines the values of two neighbours that differ first in bit `bit`; `last` is the index of the
  ///   last prefix that takes part.
  static func combine<Value, Failure: Error>(
    _ values: [Value], depth: (Int) -> Int,
    _ fork: (_ bit: Int, _ left: Value, _ right: Value, _ last: Int) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    var open: [(value: Value, depth: Int)] = []
    for (index, value) in values.enumerated() {
      var (value, depth) = (value, depth(index))
      while let left = open.last, left.depth == depth {
        open.removeLast()
        depth -= 1
        value = try fork(depth, left.value, value, index)
      }
      open.append((value, depth))
    }
    precondition(open.count == 1 && open[0].depth == 0, "\(values.count) prefixes do not have every key once")
    return open[0].value
  }
}

extension Digest {
  /// The number that the 256 bits are, plus the one that has only this bit; and whether that exceeds 256 bits.
  fileprivate func adding(bit: Int) -> (sum: Digest, isOver: Bool) {
    var words = [word0, word1, word2, word3]
    var carry = UInt64(1) << UInt64(63 - (bit & 63))
    for index in (0...bit >> 6).reversed() where carry > 0 {
      let (sum, isOver) = words[index].addingReportingOverflow(carry)
      words[index] = sum
      carry = isOver ? 1 : 0
    }
    return (Digest(words[0], words[1], words[2], words[3]), carry > 0)
  }

  fileprivate var trailingZeroBits: Int {
    if word3 != 0 { return word3.trailingZeroBitCount }
    if word2 != 0 { return 64 + word2.trailingZeroBitCount }
    if word1 != 0 { return 128 + word1.trailingZeroBitCount }
    return 192 + word0.trailingZeroBitCount
  }
}
